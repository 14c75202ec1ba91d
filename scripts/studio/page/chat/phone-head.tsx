import { useEffect, useState } from 'preact/hooks'
import type { Act, ChatView, LearnerView } from '../../view.ts'
import { Disclosure } from '../ui/disclosure.tsx'
import { Icon } from '../ui/icon.tsx'

const ACTIONS: Readonly<Record<string, string>> = {
  typing: 'typing',
  record_voice: 'recording a voice message',
  upload_voice: 'sending a voice message',
  upload_document: 'sending a file',
  upload_photo: 'sending a photo',
}
/** How long Telegram shows a chat action. */
const ACTION_MS = 5_000

export type PhoneHeadProps = {
  learner: LearnerView
  action: ChatView['action']
  isPlaying: boolean
  onPlaying(isPlaying: boolean): void
  onAct(act: Act): void
}

/** The chat's title: with whom, what he is doing, and what the learner can set. */
export function PhoneHead({ learner, action, isPlaying, onPlaying, onAct }: PhoneHeadProps) {
  const shownAction = useAction(action)
  return (
    <header class="phone-head">
      <span class="avatar" aria-hidden="true">
        H
      </span>
      <div class="who">
        <h2>Honzík</h2>
        <p role="status" class={shownAction ? 'doing' : ''}>
          {learner.hasBlocked ? 'blocked' : shownAction ? `${shownAction} …` : 'bot'}
        </p>
      </div>
      <p class="holder">
        {learner.name} <span title="Language of this Telegram">{learner.language}</span>
      </p>
      <Disclosure label={`Settings of ${learner.name}’s phone`} face={<Icon name="dots" />}>
        {() => (
          <div class="switches">
            <Switch words="Play voice messages as they come" isOn={isPlaying} onTurn={onPlaying} />
            <Switch
              words="Block the bot"
              isOn={learner.hasBlocked}
              onTurn={(isOn) => onAct({ kind: 'block', isOn })}
            />
            <Switch
              words="Forbid voice messages"
              isOn={learner.forbidsVoice}
              onTurn={(isOn) => onAct({ kind: 'forbid-voice', isOn })}
            />
          </div>
        )}
      </Disclosure>
    </header>
  )
}

function Switch(props: { words: string; isOn: boolean; onTurn(isOn: boolean): void }) {
  return (
    <label>
      <input
        type="checkbox"
        role="switch"
        aria-checked={props.isOn}
        checked={props.isOn}
        onChange={({ currentTarget }) => props.onTurn(currentTarget.checked)}
      />
      {props.words}
    </label>
  )
}

/** What the bot is doing, for as long as Telegram shows it. */
function useAction(action: ChatView['action']): string | undefined {
  const [overId, setOverId] = useState<number | undefined>()
  useEffect(() => {
    if (!action) return
    const timer = setTimeout(() => setOverId(action.id), ACTION_MS)
    return () => clearTimeout(timer)
  }, [action?.id])
  if (!action || action.id === overId) return undefined
  return ACTIONS[action.name] ?? action.name
}
