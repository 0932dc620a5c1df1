import {join} from 'node:path'
import {expect} from 'chai'
import {markdownTable} from 'markdown-table'
import {InferenceSession, type Tensor} from 'onnxruntime-node'
import {EXIT, MoptError} from '../../src/errors.js'
import type {QuantizeOptions} from '../../src/options/quantize.js'
import {quantize} from '../../src/pipelines/quantize/quantize.js'
import {simplify} from '../../src/pipelines/simplify/simplify.js'
import {DataFolder} from '../support/data-folder.js'
import {modelZoo, type ZooModel} from '../support/model-zoo.js'
import {type Flat, quantizeOptions, SILENT, simplifyOptions} from '../support/pipeline-options.js'

/** A way to make a model smaller or faster, and how near its answers must stay. */
interface Mode {
  readonly title: string
  /** Absent: `simplify`. */
  readonly options?: Flat<QuantizeOptions>
  /** Signal to quantization noise over all float outputs, decibels: what the type can do on the worst of these models. */
  readonly floorDb: number
}

const MODES: readonly Mode[] = [
  {title: 'auto', options: {}, floorDb: 18},
  {title: 'auto+data', options: {}, floorDb: 14},
  {title: 'static', options: {mode: 'static'}, floorDb: 14},
  {title: 'qoperator', options: {mode: 'static', format: 'qoperator'}, floorDb: 14},
  {title: 'dynamic', options: {mode: 'dynamic'}, floorDb: 18},
  {title: 'int8', options: {mode: 'weights'}, floorDb: 20},
  {title: 'uint8', options: {mode: 'weights', weights: 'uint8'}, floorDb: 20},
  {title: 'int4', options: {mode: 'weights', weights: 'int4'}, floorDb: 6},
  {title: 'uint4', options: {mode: 'weights', weights: 'uint4'}, floorDb: 6},
  {title: 'ort int4', options: {weights: 'int4', format: 'ort'}, floorDb: 6},
  {title: 'float16', options: {mode: 'float16'}, floorDb: 45},
  {title: 'simplify', floorDb: 80},
]

type Cell = {readonly sqnrDb: number; readonly share: number} | {readonly refusal: MoptError}

/** Cells with a floor of their own. */
const FLOORS: Readonly<Record<string, number>> = {
  // probabilities of 6,625 classes, near 0 or 1; what counts is the text: test/benchmarks/ocr.ts
  'ocr recognizer auto': 16,
  'ocr recognizer dynamic': 16,
  'ocr recognizer int8': 16,
  'ocr recognizer auto+data': 11,
  'ocr recognizer static': 11,
  'ocr recognizer qoperator': 11,
  'ocr recognizer int4': 4,
  'ocr recognizer ort int4': 4,
  'ocr recognizer float16': 28,
  // a map of probabilities, 0 or 1 but for the rims of lines, where they turn
  'ocr detector auto+data': 8,
  'ocr detector static': 8,
  'ocr detector qoperator': 8,
}

/** Cells without a file, because the mode has nothing to work on. */
const REFUSED: readonly string[] = []

/** Runs of mopt at a time: each spends half of its time starting processes. */
const AT_ONCE = 2

const folder = new DataFolder()
const models = await modelZoo(folder.path)
const cells = new Map<string, Promise<Cell>>()

/** Starts all cells, a few at a time, in the order of the tests. */
function startAll(): void {
  const queue = Array.from({length: AT_ONCE}, () => Promise.resolve())
  let turn = 0
  for (const model of models) {
    for (const mode of MODES) {
      const lane = turn++ % AT_ONCE
      const cell = (queue[lane] as Promise<void>).then(() => cellOf(model, mode))
      queue[lane] = cell.then(
        () => {},
        () => {},
      )
      cells.set(`${model.name} ${mode.title}`, cell)
    }
  }
}

async function cellOf(model: ZooModel, mode: Mode): Promise<Cell> {
  const output = join(folder.path, `${model.name} ${mode.title}.onnx`.replaceAll(' ', '-'))
  // without samples the verbs would make up inputs that some of these models do not run with
  const shared = {output, data: model.data, limit: 12}
  try {
    const {input, output: written} = await (mode.options
      ? quantize(
          model.path,
          quantizeOptions({...shared, ...mode.options, ...(mode.title === 'auto' ? withoutSamples(model) : {})}),
          SILENT,
        )
      : simplify(model.path, simplifyOptions(shared), SILENT))
    return {sqnrDb: await sqnrDb(model, output), share: written.sizeBytes / input.sizeBytes}
  } catch (error) {
    if (error instanceof MoptError && (error.exitCode === EXIT.badInput || error.exitCode === EXIT.unsupported)) {
      return {refusal: error}
    }
    throw error
  }
}

/** `auto` as most users call it, with a model and nothing else: inputs are made up, in the sizes of the samples. */
function withoutSamples({held, madeUp}: ZooModel): Flat<QuantizeOptions> {
  const [feeds = {}] = held
  const sizes = Object.entries(feeds).map(([name, {dims}]) => [name, dims] as const)
  return {data: undefined, inputShapes: madeUp ?? Object.fromEntries(sizes)}
}

/** Of all float outputs over the held-out samples, both files in ONNX Runtime. */
async function sqnrDb({path, held}: ZooModel, output: string): Promise<number> {
  const options = {logSeverityLevel: 4, intraOpNumThreads: 1} as const
  const [before, after] = [await InferenceSession.create(path, options), await InferenceSession.create(output, options)]
  let [signal, noise] = [0, 0]
  for (const feeds of held) {
    const [expected, got] = [await before.run(feeds), await after.run(feeds)]
    for (const name of before.outputNames) {
      expect([...(got[name]?.dims ?? [])], name).to.deep.equal([...(expected[name]?.dims ?? [])])
      const [a, b] = [floats(expected[name]), floats(got[name])]
      for (let i = 0; i < a.length; i++) {
        signal += (a[i] as number) ** 2
        noise += ((a[i] as number) - (b[i] as number)) ** 2
      }
    }
  }
  await before.release()
  await after.release()
  return noise === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(signal / noise)
}

function floats(tensor: Tensor | undefined): Float32Array {
  if (tensor?.type !== 'float32') throw new Error(`expected a float32 output, got ${tensor?.type}`)
  return tensor.data as Float32Array
}

function textOf(cell: Cell | undefined): string {
  if (!cell) return 'failed'
  if ('refusal' in cell) return `refused (${cell.refusal.exitCode})`
  const decibels = cell.sqnrDb > 120 ? 'exact' : `${cell.sqnrDb.toFixed(0)} dB`
  return `${decibels}, ${(100 * cell.share).toFixed(0)} %`
}

describe('models by modes', () => {
  const done = new Map<string, Cell>()

  before(startAll)
  after(() => {
    const rows = models.map(({name}) => [name, ...MODES.map(({title}) => textOf(done.get(`${name} ${title}`)))])
    console.log(
      `${markdownTable([['', ...MODES.map(({title}) => title)], ...rows])}\nSQNR of the outputs, share of the float file's bytes`,
    )
    const refusals = new Set([...done.values()].flatMap((cell) => ('refusal' in cell ? [cell.refusal.message] : [])))
    for (const message of refusals) console.log(`refused: ${message}`)
    folder.remove()
  })

  for (const model of models) {
    for (const mode of MODES) {
      it(`${model.name}, ${mode.title}: a file that runs and answers alike, or a refusal that says what to do`, async () => {
        const key = `${model.name} ${mode.title}`
        const cell = (await cells.get(key)) as Cell
        done.set(key, cell)
        if ('refusal' in cell) {
          expect(cell.refusal.hint, cell.refusal.message).not.to.equal(undefined)
          expect(REFUSED, cell.refusal.message).to.include(key)
        } else {
          expect(cell.sqnrDb).to.be.at.least(FLOORS[key] ?? mode.floorDb)
        }
      })
    }
  }
})
