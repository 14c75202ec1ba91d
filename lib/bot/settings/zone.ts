import { moveToZone } from '../../app/learner/move-to-zone.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import { findZones } from '../../domain/learner/time-zones.ts'
import type { BotContext, ChatDeps } from '../context.ts'
import type { Press, Reply } from '../feature.ts'
import { inviteToStart } from '../invite-to-start.ts'
import { textMessage } from '../text-message.ts'
import type { InterfaceLanguage } from '../texts/language.ts'
import { showSettings, turn, turnBack } from './card.ts'
import type { Face } from './face.ts'
import { ASK_ZONE, confirmZoneFace, messageFace, SET_ZONE, severalZonesFace } from './zone-face.ts'
import { expectPlace, PLACE_QUESTION, type ZoneDeps } from './zone-question.ts'

/** A place in words may be as long as this: longer ones are not looked for. */
const MAX_WORDS_LENGTH = 60

/** Finds the zone that the command's words mean, and asks whether it is right; without words, asks for the place. */
export async function zoneCommand(ctx: BotContext<ZoneDeps>): Promise<void> {
  await askPlace(ctx, (ctx.text ?? '').replace(/^\S+\s*/, ''))
}

/** A place that a reply to the question names, as if it stood behind the command. */
export const zoneReply: Reply<ZoneDeps> = {
  kind: PLACE_QUESTION,
  isAnswer: (message) => 'text' in message,
  run: (ctx) => askPlace(ctx, ctx.text ?? ''),
}

/** Asks about the place that some words mean, or for one; a reply to what is asked may name another place. */
async function askPlace(ctx: BotContext<ZoneDeps>, spacedWords: string): Promise<void> {
  const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
  if (learner === undefined) return inviteToStart(ctx)
  await expectPlace(ctx, learner, await sayPlace(ctx, learner, spacedWords.trim()))
}

function sayPlace(ctx: BotContext<ChatDeps>, learner: Learner, words: string): Promise<number> {
  if (words === '') return showSettings(ctx, learner, 'zone')
  const { html, keyboard } = answerFace(ctx.languageFor(learner), words, ctx.run.job.receivedAt)
  return ctx.ourChat.say('card', html, { keyboard })
}

/** Shows the time in a zone on the card, to be confirmed. */
export const askZonePress: Press<ChatDeps, string> = {
  ...ASK_ZONE,
  async run(ctx, zone, messageId) {
    const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
    if (learner === undefined) return inviteToStart(ctx)
    const face = confirmZoneFace(ctx.languageFor(learner), zone, ctx.run.job.receivedAt)
    await turn(ctx, face, messageId)
  },
}

/** Moves the learner to the zone, and turns the card back; says so where they have moved today already. */
export const setZonePress: Press<ChatDeps, string> = {
  ...SET_ZONE,
  async run(ctx, zone, messageId) {
    const move = await moveToZone(ctx.deps, ctx.senderId, zone, ctx.run.job.receivedAt)
    if (move?.kind !== 'moved-today') return turnBack(ctx, move?.learner, messageId)
    const language = ctx.languageFor(move.learner)
    await turn(ctx, messageFace(language, textMessage(language, 'zone.changedToday')), messageId)
  },
}

function answerFace(language: InterfaceLanguage, words: string, now: Date): Face {
  const zones = words.length > MAX_WORDS_LENGTH ? [] : findZones(words, now)
  const [zone] = zones
  if (zone === undefined) {
    const shownWords = words.slice(0, MAX_WORDS_LENGTH).toWellFormed()
    return messageFace(language, textMessage(language, 'zone.notFound', { words: shownWords }))
  }
  if (zones.length > 1) return severalZonesFace(language, zones, now)
  return confirmZoneFace(language, zone, now)
}
