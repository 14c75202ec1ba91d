import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { openaiTutor } from '../lib/adapters/openai/tutor.ts'
import { volatileTraits } from '../lib/adapters/openai/vendor-traits.ts'
import type { Tutor } from '../lib/app/lesson/tutor.ts'
import type { Now, Sleep } from '../lib/app/ports.ts'
import { parseChatConfig, type Stage } from '../lib/config.ts'
import { LEVELS } from '../lib/domain/learner/learner.ts'
import {
  DONE,
  failed,
  main,
  type Outcome,
  type Script,
  type Terminal,
  wrongUsage,
} from './cli/command-line.ts'
import { askAll } from './eval/ask.ts'
import { compareRecords, comparisonText } from './eval/compare.ts'
import { parseSentences } from './eval/corpus.ts'
import { agreeOnCost } from './eval/cost-agreement.ts'
import { openCzechDictionary } from './eval/czech-dictionary.ts'
import { evaluate } from './eval/evaluate.ts'
import { type CompareOptions, type EvalOptions, readOptions } from './eval/options.ts'
import { showProgress } from './eval/progress.ts'
import { openQuestions, questionsAbout, sampleOf } from './eval/questions.ts'
import { idOf, openRecord, type RecordedAnswer, readRecord, recordFile } from './eval/record.ts'
import { rejectionListener } from './eval/rejections.ts'
import { reportText } from './eval/report.ts'
import { reportObject } from './eval/report-object.ts'
import { promptHash } from './eval/setting.ts'

/** `npm run eval`: measures the tutor on real learners' sentences. */
export const EVAL: Script = {
  name: 'npm run eval --',
  help: `Asks the tutor about real learners' sentences, and judges its corrections by two annotators.

  npm run eval -- --corpus <file> [--limit N] [--kind voice|text] [--level L] [--corrections C]
                  [--native CODE] [--runs N] [--record DIR] [--resume] [--json] [--yes]
  npm run eval -- --compare DIR DIR [--json]

The model, its server and its key are those of the product: CHAT_MODEL, CHAT_BASE_URL, CHAT_API_KEY, or
OPENAI_API_KEY and OPENAI_BASE_URL. It costs money: an estimate comes before the first call.

  --corpus       one JSON object a line: input, gold (two corrections), slavic, and where there are any
                 tokens and edits over them. GECCC has the material
  --limit        so many sentences at most, always the same ones
  --kind         voice (default): only what is heard counts; or text
  --level        ${LEVELS.join(', ')} (default: beginner)
  --corrections  minimal, balanced (default), detailed
  --native       language of the explanations, ISO 639-1 (default ru)
  --runs         asks each sentence so many times, and says how far the answers agree
  --record       keeps each answer in DIR/answers.jsonl as soon as it is there
  --resume       asks only for what the record does not have
  --compare      compares two records answer by answer
  --json         prints one object instead of the report
  --yes          does not ask above $1

Exit code: 0, 1 where answers are missing, 2 where an argument is wrong or the corpus cannot be read.`,
  run,
}

async function run(args: string[], terminal: Terminal): Promise<Outcome> {
  const options = readOptions(args)
  if ('kind' in options) return options
  return 'folders' in options ? compare(options, terminal) : measure(options, terminal)
}

async function measure(options: EvalOptions, terminal: Terminal): Promise<Outcome> {
  const { setting, record, runs } = options
  const stage = parseChatConfig(terminal.env)
  const sample = readSample(options, terminal)
  if (!Array.isArray(sample)) return sample
  if (record !== undefined && !options.isResumed && existsSync(recordFile(record)))
    return wrongUsage(
      `${recordFile(record)} is there already: add --resume, or name another folder.`,
    )

  const scope = { model: stage.model, prompt: promptHash(setting), setting, runs }
  const questions = questionsAbout(sample, runs, { ...scope, level: setting.level })
  const answers = record === undefined ? new Map<string, RecordedAnswer>() : readRecord(record)
  const open = openQuestions(questions, answers)
  const refusal = await agreeOnCost(options, terminal, stage.model, open)
  if (refusal !== undefined) return refusal

  const file = record === undefined ? undefined : openRecord(record)
  const keep = (answer: RecordedAnswer) => {
    file?.add(answer)
    answers.set(idOf(answer), answer)
  }
  const progress = showProgress(terminal, open.length)
  const { listening, ...ears } = rejectionListener()
  const asking = { ...scope, tutor: tutorAt(stage, ears), listening, progress, keep }
  const { failures, isGivenUp, paidMicroUsd } = await askAll(asking, open)

  const answeredQuestions = questions.flatMap(({ id, sentence }) => {
    const recordedAnswer = answers.get(id)
    return recordedAnswer === undefined ? [] : [{ sentence, recorded: recordedAnswer }]
  })
  const dictionary = await dictionaryFor(terminal)
  const evaluation = evaluate({ ...scope, paidMicroUsd }, answeredQuestions, dictionary)
  terminal.write(options.isJson ? JSON.stringify(reportObject(evaluation)) : reportText(evaluation))
  if (failures.length === 0) return DONE
  const missingCount = questions.length - answeredQuestions.length
  return answersMissing(missingCount, failures.at(-1), isGivenUp)
}

function answersMissing(count: number, lastFailure: string | undefined, isGivenUp: boolean) {
  const remark = isGivenUp ? ', and the rest was not asked' : ''
  return failed(
    `Answers missing: ${count}. The last failed by "${lastFailure}"${remark}. Go on with --record and --resume.`,
  )
}

function readSample({ corpus, limit }: EvalOptions, { complain }: Terminal) {
  try {
    const sentences = parseSentences(readFileSync(corpus, 'utf8'))
    const sample = sampleOf(sentences, limit)
    if (sample.length === 0) return wrongUsage(`${corpus} has no sentence with two corrections.`)
    const single = sentences.filter(({ gold }) => gold.length < 2).length
    if (single > 0) complain(`${single} sentences with one correction are left out.`)
    return sample
  } catch (error) {
    // The message names the file, or the line of it.
    return wrongUsage(error instanceof Error ? error.message : String(error))
  }
}

function tutorAt(
  stage: Stage,
  { log, onDoubtedAnswer }: Pick<ReturnType<typeof rejectionListener>, 'log' | 'onDoubtedAnswer'>,
): Tutor {
  const now: Now = () => new Date()
  const sleep: Sleep = (ms, signal) => delay(ms, undefined, signal && { signal })
  const tools = {
    traits: volatileTraits(now, log),
    log,
    onDoubtedAnswer,
    now,
    sleep,
    random: Math.random,
  }
  return openaiTutor({ endpoint: stage, model: stage.model, ...tools })
}

async function dictionaryFor({ complain }: Terminal) {
  const dictionary = await openCzechDictionary()
  if (dictionary === undefined)
    complain(
      'No Czech dictionary: invented words are not counted. npm ci installs hunspell-asm and dictionary-cs.',
    )
  return dictionary
}

async function compare({ folders, isJson }: CompareOptions, { write }: Terminal): Promise<Outcome> {
  const missingFolder = folders.find((folder) => !existsSync(recordFile(folder)))
  if (missingFolder !== undefined) return wrongUsage(`${recordFile(missingFolder)} is not there.`)
  const [first, second] = folders.map((folder) => [...readRecord(folder).values()])
  const comparison = compareRecords(first ?? [], second ?? [])
  if (comparison.pairs === 0) return failed('The records have no sentence in common.')
  write(isJson ? JSON.stringify(comparison) : comparisonText(comparison))
  return DONE
}

if (import.meta.main) await main(EVAL)
