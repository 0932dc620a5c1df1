import {expect} from 'chai'
import {ShapeError} from '../../src/errors.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import {emptyModel} from '../../src/ir/model.js'
import type {Shape} from '../../src/ir/types.js'
import {inferModel, macsOf} from '../../src/ops/infer-graph.js'
import {isRefusal, type OpSpec} from '../../src/ops/op-spec.js'
import {OPERATORS} from '../../src/ops/registry.js'

/** What a damaged or careless file may hold: too few inputs, no ranks, ranks an operator has no use for. */
const INPUTS: readonly (readonly (Shape | undefined)[])[] = [
  [],
  [undefined],
  Array.from({length: 12}, () => undefined),
  Array.from({length: 12}, () => []),
  Array.from({length: 12}, () => [0]),
  Array.from({length: 12}, () => ['N']),
  Array.from({length: 12}, () => [0, 'N', 3]),
  [['N', 3], undefined, [3], [], ['M', 2, 2, 2, 2, 2]],
]
const ATTRIBUTES = [
  {},
  {axis: -9, perm: [5], kernel_shape: [0], group: 0, blocksize: 0, equation: '...a.,->->'},
  {axis: 1, kernel_shape: [-1, 7], strides: [0, 0], num_heads: 0},
]

/** The record's rules on one senseless node; a ShapeError is an answer. */
function exercise(spec: OpSpec, shapes: readonly (Shape | undefined)[], attributes: (typeof ATTRIBUTES)[number]): void {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  const inputs = shapes.map((shape, index) => build.input(`x${index}`, shape))
  const node = build.node(spec.type, inputs, attributes, {domain: spec.domain ?? '', outputs: 3})
  const model = emptyModel(graph, spec.sinceOpset)
  model.opsets.set(spec.domain ?? '', spec.sinceOpset)
  for (const rule of [() => inferModel(model), () => macsOf(model), () => !isRefusal(spec.prune) && spec.prune(node)]) {
    try {
      rule()
    } catch (error) {
      const where = `${spec.domain ?? ''} ${spec.type} ${spec.sinceOpset} with ${JSON.stringify(shapes)} ${JSON.stringify(attributes)}`
      if (!(error instanceof ShapeError)) throw new Error(`${where}: ${(error as Error).stack}`)
    }
  }
}

describe('the rules of every record', () => {
  it('answer or refuse, but never stumble over a node that makes no sense', () => {
    const stumbles: string[] = []
    for (const spec of OPERATORS) {
      for (const shapes of INPUTS) {
        for (const attributes of ATTRIBUTES) {
          try {
            exercise(spec, shapes, attributes)
          } catch (error) {
            stumbles.push((error as Error).message.split('\n').slice(0, 2).join(' '))
          }
        }
      }
    }
    expect(stumbles).to.deep.equal([])
  })
})
