import {existsSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {BugError, ModelError, RuntimeRefusedError} from '../../../src/errors.js'
import {encodeModel} from '../../../src/io/encode-model.js'
import type {Rule} from '../../../src/passes/simplify/rule.js'
import {RULES} from '../../../src/passes/simplify/rules.js'
import {quantize} from '../../../src/pipelines/quantize/quantize.js'
import {simplify, simplifyWith} from '../../../src/pipelines/simplify/simplify.js'
import {DataFolder} from '../../support/data-folder.js'
import {modelOf, randomFloats, type Write} from '../../support/pass-trial.js'
import {quantizeOptions, SILENT, simplifyOptions} from '../../support/pipeline-options.js'

/** A normalization as exporters write it, which the runtime's optimizer takes for its LayerNormalization: wrongly for these shapes. */
function normalization(shape: readonly (string | number)[], scaled: number): Write {
  return (build) => {
    const x = build.input('x', shape)
    const axes = {axes: [-1], keepdims: 1}
    const centred = build.op('Sub', [x, build.op('ReduceMean', [x], axes)])
    const squares = build.op('Pow', [centred, build.floats([2], [])])
    const variance = build.op('Add', [build.op('ReduceMean', [squares], axes), build.floats([1e-5], [])])
    const normal = build.op('Div', [centred, build.op('Sqrt', [variance])])
    const scale = build.floats(randomFloats(scaled, 1), [scaled])
    build.output(
      build.op(
        'Add',
        [build.floats(randomFloats(scaled, 2), [scaled]), build.op('Mul', [scale, normal])],
        {},
        {
          outputs: ['y'],
        },
      ),
    )
  }
}

/** A zero border before a maximum: the optimizer lets the pool pad, which takes the lowest number for a border. */
const paddedPool: Write = (build) => {
  const pads = build.ints([0, 0, 1, 1, 0, 0, 1, 1])
  const padded = build.op('Pad', [build.input('x', [1, 1, 4, 4]), pads, build.floats([0], [])])
  build.output(build.op('MaxPool', [padded], {kernel_shape: [3, 3], strides: [3, 3]}, {outputs: ['y']}))
}

/** The same, where the optimizer also forgets that the pool rounds its size up. */
const paddedCeilPool: Write = (build) => {
  const pads = build.ints([0, 0, 1, 1, 0, 0, 1, 1])
  const x = build.input('x', [1, 1, 5, 5])
  for (const pool of [{kernel_shape: [3, 3]}, {kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1}]) {
    build.output(build.op('MaxPool', [build.op('Pad', [x, pads, build.floats([0], [])])], pool))
  }
}

describe('compareWithInput', function () {
  this.timeout(120_000)
  const folder = new DataFolder()
  after(() => folder.remove())
  const at = (name: string) => join(folder.path, name)
  const write = (name: string, graph: Write) => folder.write(name, encodeModel(modelOf(graph)))
  const errorOf = async (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error)

  for (const [name, graph, does] of [
    ['rank1', normalization([8], 8), /refuses the input model from level 'basic' on/],
    ['expand-scale', normalization(['N', 1], 2), /refuses the input model from level 'basic' on/],
    [
      'pad-pool',
      paddedPool,
      /changes the outputs of the input and the output from level 'basic' on \(output 'y' is off/,
    ],
    ['pad-ceil-pool', paddedCeilPool, /changes the outputs of the input model from level 'basic' on/],
  ] as const) {
    it(`writes ${name}, which is as the input without optimizations, and names the runtime's optimizer`, async () => {
      const path = write(`${name}.onnx`, graph)
      const {output, warnings, fidelity} = await simplify(
        path,
        simplifyOptions({output: at(`${name}.out.onnx`)}),
        SILENT,
      )
      expect(existsSync(output.path)).to.equal(true)
      expect(fidelity?.maxAbs).to.be.below(1e-5)
      const warning = warnings.find(({code}) => code === 'RUNTIME_OPTIMIZER')
      expect(warning?.message).to.match(does)
      expect(warning?.hint).to.match(/graphOptimizationLevel to 'disabled'/)
    })
  }

  it('quantizes a model that runs without optimizations only, and does not time it', async () => {
    const path = write('dense-rank1.onnx', (build) => {
      normalization([64], 64)(build)
      const weight = build.floats(randomFloats(64 * 64, 3), [64, 64])
      build.output(build.op('MatMul', [build.graph.outputs[0], weight], {}, {outputs: ['z']}))
    })
    const options = quantizeOptions({mode: 'weights', output: at('dense.int8.onnx'), time: true})
    const {warnings, fidelity, timing} = await quantize(path, options, SILENT)
    expect(warnings.map(({code}) => code)).to.include('RUNTIME_OPTIMIZER')
    expect(fidelity?.sqnrDb).to.be.above(30)
    expect(timing).to.equal(null)
  })

  it('blames the file for what runs at no level', async () => {
    const path = write('contradiction.onnx', (build) => {
      const x = build.input('x', [2, 3])
      const rows = build.op('NonZero', [build.op('Relu', [x])])
      build.output(build.op('Reshape', [rows, build.ints([7, 77])], {}, {outputs: ['y']}))
    })
    const error = await errorOf(simplify(path, simplifyOptions({output: at('never.onnx')}), SILENT))
    expect(error).to.be.instanceOf(ModelError)
    expect((error as ModelError).hint).to.match(/with graph optimizations off/)
    expect(existsSync(at('never.onnx'))).to.equal(false)
  })

  it('doubts the sizes that were made up before it doubts the file', async () => {
    const path = write('sizes.onnx', (build) => {
      build.output(build.op('Reshape', [build.input('x', ['A', 'B']), build.ints([7, 7777])], {}, {outputs: ['y']}))
    })
    const error = await errorOf(simplify(path, simplifyOptions({output: at('never.onnx')}), SILENT))
    expect(error).to.be.instanceOf(RuntimeRefusedError)
    expect((error as RuntimeRefusedError).hint).to.match(/--check-shape/)
  })

  it('blames the rule for a difference that is there without optimizations, though the runtime spoils the input', async () => {
    const path = write('spoiled-too.onnx', paddedCeilPool)
    const options = simplifyOptions({output: at('wrong.onnx')})
    const error = await errorOf(simplifyWith([...RULES, unpadded()], path, options, SILENT))
    expect(error).to.be.instanceOf(BugError)
    expect((error as BugError).message).to.match(/Rule 'unpad' is to blame/)
    expect(readdirSync(folder.path).filter((name) => name.includes('wrong'))).to.deep.equal([])
  })

  it('blames the rule after which the runtime spoils a graph that it took before', async () => {
    const path = write('plain.onnx', (build) => {
      const pads = build.ints([0, 0, 1, 1, 0, 0, 1, 1])
      const below = build.op('Sub', [build.floats([-3], []), build.op('Abs', [build.input('x', [1, 1, 4, 4])])])
      const kept = build.op('Sum', [build.op('Pad', [below, pads, build.floats([0], [])])])
      build.output(build.op('MaxPool', [kept], {kernel_shape: [3, 3], strides: [3, 3]}, {outputs: ['y']}))
    })
    const options = simplifyOptions({output: at('joined.onnx')})
    const error = await errorOf(simplifyWith([joined()], path, options, SILENT))
    expect(error).to.be.instanceOf(BugError)
    expect((error as BugError).message).to.match(/optimizer spoils the changed graph .* Rule 'join' is to blame/)
  })
})

/** Wrong: takes every Pad away. */
function unpadded(): Rule {
  return ruleOf('unpad', 'Pad')
}

/** Right, but what is left is what the runtime's optimizer spoils. */
function joined(): Rule {
  return ruleOf('join', 'Sum')
}

function ruleOf(name: string, opType: string): Rule {
  const run: ReturnType<Rule['create']>['run'] = (graph) => {
    const found = graph.nodes().filter((node) => node.opType === opType)
    for (const node of found) {
      const [input, output] = [node.inputs[0], node.outputs[0]]
      if (!input || !output) continue
      graph.replaceUses(output, input)
      graph.remove(node)
    }
    return {changed: found.map(() => ({rule: name})), skipped: []}
  }
  return {name, create: () => ({name, run})}
}
