import type { Memory } from '../../app/memory/memory.ts'
import type { Learner } from '../../domain/learner/learner.ts'
import type { BotContext, ChatDeps } from '../context.ts'
import type { Feature, Press, PressContext } from '../feature.ts'
import { inviteToStart } from '../invite-to-start.ts'
import type { Face } from '../settings/face.ts'
import { textMessage } from '../text-message.ts'
import { text } from '../texts/texts.ts'
import {
  CHANGE,
  FORGET,
  listFace,
  type MemoryChange,
  type MemoryFace,
  questionFace,
  SHOW,
} from './faces.ts'

type MemoryDeps = ChatDeps & { memory: Memory }

/** Turns the card to what is remembered, or asks before it is forgotten. */
const showPress: Press<MemoryDeps, MemoryFace> = {
  ...SHOW,
  async run(ctx, face, messageId) {
    const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
    if (learner === undefined) return inviteToStart(ctx)
    if (face === 'list') return turnToList(ctx, learner, messageId)
    await turn(ctx, questionFace(ctx.languageFor(learner), face), messageId)
  },
}

/** Forgets a fact of the presser's. */
const forgetPress: Press<MemoryDeps, number> = {
  ...FORGET,
  async run(ctx, factId, messageId) {
    const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
    if (learner === undefined) return void (await inviteToStart(ctx))
    const facts = await ctx.deps.memory.factsOf(learner.id)
    const isOwn = facts.some(({ id }) => id === factId)
    if (isOwn) await ctx.deps.memory.forget(ctx.run.job, learner.id, factId)
    await turnToList(ctx, learner, messageId)
    return isOwn ? undefined : text(ctx.languageFor(learner), 'unsupported.button')
  },
}

/** Forgets all, or turns remembering on or off. */
const changePress: Press<MemoryDeps, MemoryChange> = {
  ...CHANGE,
  async run(ctx, change, messageId) {
    const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
    if (learner === undefined) return inviteToStart(ctx)
    const { memory } = ctx.deps
    const { job } = ctx.run
    if (change === 'clear') await memory.forget(job, learner.id, 'all')
    else await memory.turn(job, learner.id, change === 'on')
    const remembers = change === 'clear' ? learner.remembers : change === 'on'
    await turnToList(ctx, { ...learner, remembers }, messageId)
  },
}

async function memoryCommand(ctx: BotContext<MemoryDeps>): Promise<void> {
  const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
  if (learner === undefined) return inviteToStart(ctx)
  const { html, keyboard } = await listOf(ctx, learner)
  await ctx.ourChat.say('memory', html, { keyboard })
}

async function resetCommand(ctx: BotContext<MemoryDeps>): Promise<void> {
  const learner = await ctx.deps.learners.findByTelegramId(ctx.senderId)
  if (learner === undefined) return inviteToStart(ctx)
  await ctx.deps.memory.beginConversation(ctx.run.job, learner.id)
  await ctx.ourChat.say('reset', textMessage(ctx.languageFor(learner), 'reset.done'))
}

/** A new conversation. */
export const conversation: Feature<MemoryDeps> = {
  commands: [{ name: 'reset', description: 'command.reset', run: resetCommand }],
  presses: [],
}

/** What is remembered of a learner. */
export const memory: Feature<MemoryDeps> = {
  group: 'settings',
  commands: [{ name: 'memory', description: 'command.memory', run: memoryCommand }],
  presses: [showPress, forgetPress, changePress],
}

async function turnToList(
  ctx: PressContext<MemoryDeps>,
  learner: Learner,
  messageId: number,
): Promise<void> {
  await turn(ctx, await listOf(ctx, learner), messageId)
}

async function turn(
  ctx: PressContext<MemoryDeps>,
  { html, keyboard }: Face,
  messageId: number,
): Promise<void> {
  await ctx.ourChat.edit(messageId, html, { keyboard })
}

async function listOf(ctx: BotContext<MemoryDeps>, learner: Learner): Promise<Face> {
  return listFace(ctx.languageFor(learner), learner, await ctx.deps.memory.factsOf(learner.id))
}
