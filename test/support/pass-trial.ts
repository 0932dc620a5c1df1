import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {InferenceSession, Tensor as OrtTensor} from 'onnxruntime-node'
import {uniformFloat64} from 'pure-rand/distribution/uniformFloat64'
import {xoroshiro128plus} from 'pure-rand/generator/xoroshiro128plus'
import {encodeModel} from '../../src/io/encode-model.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel, type Model} from '../../src/ir/model.js'
import type {Node} from '../../src/ir/node.js'
import {verify} from '../../src/ir/verify.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import {type SpecOf, specsOf} from '../../src/ops/specs-of.js'
import type {Pass, PassReport} from '../../src/passes/pass.js'
import {readForeign} from './foreign-model.js'
import {type Results, runGraph} from './run-graph.js'

/** Builds a graph; called twice where a pass is compared with what it started from. */
export type Write = (build: GraphBuilder) => void

export type Feeds = Readonly<Record<string, OrtTensor>>

/** A model of the graph that `write` builds, with shapes. ONNX Runtime's own operators are imported too. */
export function modelOf(write: Write, opset = 17): Model {
  const graph = new Graph()
  write(new GraphBuilder(graph))
  const model = emptyModel(graph, opset)
  model.opsets.set('com.microsoft', 1)
  inferModel(model)
  return model
}

export function specsFor(model: Model): SpecOf {
  return specsOf(model)
}

/** Runs a pass and checks every invariant of the graph it leaves. */
export async function apply(pass: Pass, model: Model): Promise<PassReport> {
  const report = await pass.run(model.graph)
  expect(verify(model.graph), `invariants after ${pass.name}`).to.deep.equal([])
  return report
}

export function opTypes({graph}: Model): string[] {
  return graph.allNodes().map((node) => node.opType)
}

/** The node of a type; the test fails when there is not exactly one. */
export function onlyNode({graph}: Model, opType: string): Node {
  const nodes = graph.allNodes().filter((node) => node.opType === opType)
  expect(nodes, opType).to.have.length(1)
  return nodes[0] as Node
}

/** Seeded values, even over `-peak..peak`. */
export function randomFloats(count: number, seed = 1, peak = 1): Float32Array {
  const generator = xoroshiro128plus(seed)
  return Float32Array.from({length: count}, () => (2 * uniformFloat64(generator) - 1) * peak)
}

/** A float32 input of seeded values. */
export function floatFeed(dims: readonly number[], seed = 7, peak = 1): OrtTensor {
  const count = dims.reduce((product, size) => product * size, 1)
  return new OrtTensor('float32', randomFloats(count, seed, peak), dims)
}

export interface Comparison {
  readonly model: Model
  readonly report: PassReport
  readonly before: Results
  readonly after: Results
  /** Largest absolute difference over all outputs. */
  readonly maxAbs: number
}

/** Runs a graph in ONNX Runtime as built and after the pass, which gets its own copy. */
export async function compareAround(
  write: Write,
  feeds: Feeds,
  passFor: (model: Model) => Pass | Promise<Pass>,
  options: {opset?: number; optimization?: 'disabled' | 'all'} = {},
): Promise<Comparison> {
  const before = await runGraph(modelOf(write, options.opset), feeds)
  const model = modelOf(write, options.opset)
  const report = await apply(await passFor(model), model)
  const after = await runGraph(model, feeds, options.optimization)
  return {model, report, before, after, maxAbs: maxDifference(before, after)}
}

/** @throws AssertionError when names or shapes of the outputs differ. */
export function maxDifference(a: Results, b: Results): number {
  expect(Object.keys(b)).to.deep.equal(Object.keys(a))
  let largest = 0
  for (const [name, {dims, data}] of Object.entries(a)) {
    const other = b[name] as Results[string]
    expect([...other.dims], name).to.deep.equal([...dims])
    for (let i = 0; i < data.length; i++) {
      const difference = Math.abs(Number(data[i]) - Number(other.data[i]))
      expect(difference, `${name}[${i}]`).not.to.equal(Number.NaN)
      largest = Math.max(largest, difference)
    }
  }
  return largest
}

export function peakOf(results: Results): number {
  return Math.max(...Object.values(results).flatMap(({data}) => Array.from(data, (value) => Math.abs(Number(value)))))
}

/** How often each kernel runs once ONNX Runtime has optimized a model: read by a foreign reader from the graph it saves. */
export async function kernelsOf(model: Model | string): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'mopt-kernels-'))
  const saved = join(folder, 'optimized.onnx')
  const options = {graphOptimizationLevel: 'all', optimizedModelFilePath: saved, logSeverityLevel: 4} as const
  try {
    const session = await (typeof model === 'string'
      ? InferenceSession.create(model, options)
      : InferenceSession.create(encodeModel(model), options))
    await session.release()
    const counts: Record<string, number> = {}
    for (const {opType} of readForeign(readFileSync(saved)).graph?.node ?? []) {
      counts[opType] = (counts[opType] ?? 0) + 1
    }
    return counts
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}
