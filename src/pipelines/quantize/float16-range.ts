import {join} from 'node:path'
import type {Effects} from '../../effects.js'
import {RuntimeRefusedError} from '../../errors.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {writeScratch, writeVariant} from '../../io/write-variant.js'
import type {Model} from '../../ir/model.js'
import type {Node} from '../../ir/node.js'
import {inferModel, opsetOf} from '../../ops/infer-graph.js'
import type {RunOptions} from '../../options/common.js'
import {addOverflowOutputs, LARGEST, type OverflowOutputs} from '../../passes/quantize/float16/overflow-outputs.js'
import type {Warning} from '../../results.js'
import {measureExtremes} from '../../runtime/extremes/measure-extremes.js'
import type {InputSource} from '../../runtime/session/session-settings.js'

/** From here on a number rounds to infinity. */
const ROUNDS_TO_INFINITY = 65520
/** Other data may have values twice as large. */
const MARGIN = LARGEST / 2
/** Names a warning spells out. */
const NAMED = 3

/** Which nodes of a float model leave the range of float16, found by running it once in float32. */
export class Float16Range {
  peakRssBytes = 0
  readonly warnings: Warning[] = []

  constructor(
    private readonly source: InputSource,
    private readonly options: Pick<RunOptions, 'threads' | 'dims'>,
    private readonly effects: Effects,
  ) {}

  /** The nodes of a prepared model that have to stay in float32, with the reason. */
  async nodesBeyond(model: Model): Promise<ReadonlyMap<Node, string>> {
    try {
      const kept = reasons(model, await this.#measure(model))
      if (kept.size > 0) this.warnings.push(this.#warning(kept))
      return kept
    } catch (error) {
      if (!(error instanceof RuntimeRefusedError)) throw error
      const message = 'the range of float16 is not checked: the model does not run on the inputs that were made up'
      this.warnings.push({code: 'FLOAT16_RANGE', message, hint: 'give samples with --data'})
      return new Map()
    }
  }

  async #measure(model: Model): Promise<ReadonlyMap<string, number>> {
    const {threads, dims} = this.options
    const {signal, progress} = this.effects
    return withTempFolder(async (folder) => {
      const [path, measuring] = [join(folder, 'prepared.onnx'), join(folder, 'measuring.onnx')]
      await writeScratch(model, path)
      const outputs = await writeVariant(path, measuring, ({model: copy}) => withOverflowOutputs(copy), {
        externalData: 'always',
      })
      const names = outputs.flatMap(({largest, near}) => [largest, near])
      const settings = {provider: 'cpu', threads, dims}
      const request = {path: measuring, settings, source: this.source, outputs: names}
      const onProgress = (done: number, total: number) => progress('measuring ranges', done, total)
      const {output: largest, peakRssBytes} = await measureExtremes(request, {signal, onProgress})
      this.peakRssBytes = peakRssBytes
      return new Map(
        outputs.map((output, i) => [`${output.kind} ${output.value}`, peakOf(output, largest.slice(2 * i))]),
      )
    })
  }

  #warning(kept: ReadonlyMap<Node, string>): Warning {
    const nodes = [...kept.keys()]
    const names = nodes.slice(0, NAMED).map(({opType, name}) => `${opType} '${name}'`)
    const more = nodes.length > NAMED ? `, and ${nodes.length - NAMED} more` : ''
    const isData = this.source.kind === 'data'
    const inputs = isData ? 'the data' : 'made-up inputs'
    const message = `values or sums pass float16's range on ${inputs}, float32 is kept in: ${names.join(', ')}${more}`
    return {code: 'FLOAT16_RANGE', message, ...(!isData && {hint: 'real samples say more: give them with --data'})}
  }
}

/** What counts of a tensor's or a sum's figures; 0 for what is safe. A sum is an upper bound already. */
function peakOf({kind}: OverflowOutputs, [largest = 0, near = 0]: readonly number[]): number {
  if (kind === 'sum') return largest > LARGEST ? largest : 0
  if (largest >= ROUNDS_TO_INFINITY) return largest
  return near > MARGIN ? near : 0
}

function withOverflowOutputs(model: Model): OverflowOutputs[] {
  inferModel(model)
  return addOverflowOutputs(model.graph, opsetOf({domain: ''}, model))
}

function reasons({graph}: Model, peaks: ReadonlyMap<string, number>): Map<Node, string> {
  const kept = new Map<Node, string>()
  for (const node of graph.nodes()) {
    const values = [...node.inputs, ...node.outputs].map((value) =>
      value ? (peaks.get(`value ${value.name}`) ?? 0) : 0,
    )
    const [value, sum] = [Math.max(...values), peaks.get(`sum ${node.outputs[0]?.name}`) ?? 0]
    if (value > 0) kept.set(node, `values of ${value.toExponential(1)} pass float16's range`)
    else if (sum > 0) kept.set(node, `its sums can come to ${sum.toExponential(1)}, beyond float16's range`)
  }
  return kept
}
