import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {MoptError} from '../../../src/errors.js'
import {encodeModel} from '../../../src/io/encode-model.js'
import {openModel} from '../../../src/io/open-model.js'
import {verify} from '../../../src/ir/verify.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import {inspectOptions} from '../../../src/options/inspect.js'
import {parseOptions} from '../../../src/options/parse-options.js'
import {inspect} from '../../../src/pipelines/inspect/inspect.js'
import {drawFrom, mutate} from './mutate.js'
import {DATA_BYTES, DATA_FILE, FUZZ_SEEDS} from './seeds.js'

/** What the parent asks for: files made from `from` up to, not including, `to`. */
export interface FuzzTask {
  readonly folder: string
  readonly from: number
  readonly to: number
  /** More files to start from. */
  readonly seedFiles: readonly string[]
  /** Start from those only. */
  readonly onlyFiles?: boolean
  readonly limitMb: number
}

/** Before each file its number; after it what was wrong, or how it ended. */
export type FuzzMessage =
  | {readonly kind: 'start'; readonly index: number}
  | {readonly kind: 'fault'; readonly index: number; readonly how: string; readonly reason: string}
  | {readonly kind: 'done'; readonly read: number; readonly refused: number; readonly peakMb: number}

/** Of processor time: a busy machine is not the file's fault. */
const LIMIT_SECONDS = 5

process.once('message', (task: FuzzTask) => {
  run(task).then(
    () => process.disconnect(),
    (error) => {
      throw error
    },
  )
})

async function run({folder, from, to, seedFiles, onlyFiles, limitMb}: FuzzTask): Promise<void> {
  const seeds = [...(onlyFiles ? [] : FUZZ_SEEDS), ...seedFiles.map((file) => new Uint8Array(readFileSync(file)))]
  const path = join(folder, 'mutant.onnx')
  writeFileSync(join(folder, DATA_FILE), new Uint8Array(DATA_BYTES))
  let [read, refused, overLimit] = [0, 0, false]
  for (let index = from; index < to; index++) {
    send({kind: 'start', index})
    const draw = drawFrom(index)
    const {how, bytes} = mutate(seeds[draw(seeds.length)] as Uint8Array, draw)
    writeFileSync(path, bytes)
    const started = process.cpuUsage()
    const outcome = await outcomeOf(path)
    const seconds = process.cpuUsage(started).user / 1e6
    if (outcome === 'read') read++
    else if (outcome === 'refused') refused++
    else send({kind: 'fault', index, how, reason: outcome})
    if (seconds > LIMIT_SECONDS) send({kind: 'fault', index, how, reason: `took ${seconds.toFixed(1)} s`})
    if (!overLimit && peakMb() > limitMb) {
      overLimit = true
      send({kind: 'fault', index, how, reason: `the process took ${peakMb().toFixed(0)} MB`})
    }
  }
  send({kind: 'done', read, refused, peakMb: peakMb()})
}

/** Reads a file in every way mopt does without running it. @returns what happened; anything but a reading or a refusal is a fault. */
async function outcomeOf(path: string): Promise<string> {
  let stage = 'reading'
  try {
    const {model, close} = await openModel(path)
    try {
      const [fault] = verify(model.graph)
      if (fault) return `the graph is not sound: ${fault}`
      for (const value of model.graph.constants()) value.constant?.read()
      stage = 'writing'
      const encoded = encodeModel(model)
      stage = 'shape inference'
      inferModel(model)
      stage = 'writing after shape inference'
      encodeModel(model)
      stage = 'inspection'
      await inspect(path, parseOptions(inspectOptions, {inspect: {layers: true, full: true}}), {
        signal: new AbortController().signal,
      })
      stage = 'reading what was written'
      writeFileSync(path, encoded)
      const again = await openModel(path)
      again.close()
      return 'read'
    } finally {
      close()
    }
  } catch (error) {
    if (error instanceof MoptError && (error.exitCode === 2 || error.exitCode === 3)) {
      return stage.startsWith('reading what') ? `${stage}: ${error.message}` : 'refused'
    }
    return `${stage}: ${error instanceof Error ? error.stack : String(error)}`
  }
}

/** The peak resident set so far, in MB: VmHWM, because maxRSS counts the parent too. */
function peakMb(): number {
  const [, peakKb] = /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return Number(peakKb ?? 0) / 1024
}

function send(message: FuzzMessage): void {
  process.send?.(message)
}
