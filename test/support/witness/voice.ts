import {join} from 'node:path'
import {Tensor as OrtTensor} from 'onnxruntime-node'
import {SILERO_V5, VAD} from '../model-zoo.js'
import type {Feeds} from '../pass-trial.js'
import {SAMPLE_RATE, windowsOf} from '../speech-like.js'
import {writeTestData} from '../test-data-writer.js'
import {against, decisionF1, floats, openSession, type Witness} from './witness.js'

/** One generation of Silero's voice detector: the windows it is fed, and the state that goes back into it. */
interface Generation {
  readonly path: string
  readonly windows: (stream: Float32Array) => Iterable<OrtTensor>
  /** Sizes of the state's inputs, and the output that each is fed from. */
  readonly states: Readonly<Record<string, {readonly dims: readonly number[]; readonly from: string}>>
  readonly madeUp: readonly string[]
}

const LEGACY_SAMPLES = 1536
const SR = new OrtTensor('int64', BigInt64Array.of(BigInt(SAMPLE_RATE)), [])

export const SILERO: Readonly<Record<'legacy' | 'v5', Generation>> = {
  legacy: {
    path: `${VAD}/silero_vad_legacy.onnx`,
    windows: legacyWindows,
    states: {h: {dims: [2, 1, 64], from: 'hn'}, c: {dims: [2, 1, 64], from: 'cn'}},
    madeUp: ['--input-shape', `input=1,${LEGACY_SAMPLES}`, '--feed', `sr=${SAMPLE_RATE}`],
  },
  v5: {
    path: SILERO_V5,
    windows: windowsOf,
    states: {state: {dims: [2, 1, 128], from: 'stateN'}},
    madeUp: ['--input-shape', 'input=1,576', '--input-shape', 'state=2,1,128', '--feed', `sr=${SAMPLE_RATE}`],
  },
}

/** Windows to learn from, taken all over a stream; the state has no axis of samples, so it is that of the beginning. */
const LEARNED = 100
/** Probability that counts as speech. */
const THRESHOLD = 0.5

/** A voice detector: windows of a stream that are speech, its state fed back from one to the next. */
export async function voiceDetector(
  generation: 'legacy' | 'v5',
  folder: string,
  streams: {readonly learned: Float32Array; readonly judged: readonly Float32Array[]},
): Promise<Witness> {
  const silero = SILERO[generation]
  const start = {...startOf(silero), sr: SR}
  const samples = [...silero.windows(streams.learned)].map((input): Feeds => ({input, ...start}))
  const step = Math.max(1, Math.floor(samples.length / LEARNED))
  const learned = samples.filter((_, i) => i % step === 0).slice(0, LEARNED)
  return {
    path: silero.path,
    task: 'F1 of speech in the worst stream, state fed back',
    data: ['--data', writeTestData(join(folder, `windows-${generation}`), learned)],
    madeUp: silero.madeUp,
    prepare: against(silero.path, (path) => heard(path, silero, streams.judged), worstF1),
  }
}

async function heard(path: string, silero: Generation, streams: readonly Float32Array[]): Promise<boolean[][]> {
  const answers: boolean[][] = []
  for (const stream of streams) answers.push(await speech(path, silero, stream))
  return answers
}

function worstF1(float: readonly boolean[][], changed: readonly boolean[][]): number {
  return Math.min(...float.map((answers, i) => decisionF1(answers, changed[i] ?? [])))
}

async function speech(path: string, silero: Generation, stream: Float32Array): Promise<boolean[]> {
  const found: boolean[] = []
  await listen(path, silero, stream, (probability) => found.push(probability > THRESHOLD))
  return found
}

async function listen(
  path: string,
  silero: Generation,
  stream: Float32Array,
  hear: (probability: number) => void,
): Promise<void> {
  const session = await openSession(path)
  const state = startOf(silero)
  for (const input of silero.windows(stream)) {
    const outputs = await session.run({input, sr: SR, ...state})
    hear(floats(outputs, 'output')[0] as number)
    for (const [name, {from}] of Object.entries(silero.states)) state[name] = outputs[from] as OrtTensor
  }
  await session.release()
}

/** The state of a stream that has not begun. */
function startOf({states}: Generation): Record<string, OrtTensor> {
  const zeros = Object.entries(states).map(([name, {dims}]) => {
    const count = dims.reduce((product, size) => product * size, 1)
    return [name, new OrtTensor('float32', new Float32Array(count), dims)] as const
  })
  return Object.fromEntries(zeros)
}

function* legacyWindows(stream: Float32Array): Iterable<OrtTensor> {
  for (let at = 0; at + LEGACY_SAMPLES <= stream.length; at += LEGACY_SAMPLES) {
    yield new OrtTensor('float32', stream.slice(at, at + LEGACY_SAMPLES), [1, LEGACY_SAMPLES])
  }
}
