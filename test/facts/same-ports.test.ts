import {expect} from 'chai'
import {hasSamePorts} from '../../src/facts/same-ports.js'
import {GraphBuilder} from '../../src/ir/build.js'
import {Graph} from '../../src/ir/graph.js'
import type {Shape} from '../../src/ir/types.js'

function model(inputs: string[], outputs: Record<string, Shape | undefined>): Graph {
  const graph = new Graph()
  const build = new GraphBuilder(graph)
  for (const name of inputs) build.input(name, ['N'])
  for (const [name, shape] of Object.entries(outputs)) build.output(build.input(name, shape))
  return graph
}

describe('hasSamePorts', () => {
  it('goes by names and sizes, not by order; sizes that have names fit any', () => {
    const reference = model(['a', 'b'], {y: ['N', 4], z: [2]})
    expect(hasSamePorts(reference, model(['b', 'a'], {z: [2], y: [1, 4]}))).to.equal(true)
    expect(hasSamePorts(reference, model(['a', 'b'], {y: [1, 5], z: [2]}))).to.equal(false)
    expect(hasSamePorts(reference, model(['a', 'b'], {y: [4], z: [2]}))).to.equal(false)
  })

  it('is false for another input or an output less, true for outputs of unknown shape', () => {
    const reference = model(['a'], {y: ['N', 4]})
    expect(hasSamePorts(reference, model(['b'], {y: ['N', 4]}))).to.equal(false)
    expect(hasSamePorts(reference, model(['a'], {}))).to.equal(false)
    expect(hasSamePorts(reference, model(['a'], {y: undefined}))).to.equal(true)
  })
})
