import {expect} from 'chai'
import {encodeModel} from '../../src/io/encode-model.js'
import {openModel} from '../../src/io/open-model.js'
import type {Model} from '../../src/ir/model.js'
import {elementCount, type Tensor} from '../../src/ir/tensor.js'
import {verify} from '../../src/ir/verify.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import {isRandom} from '../../src/passes/simplify/patterns/random-ops.js'
import {RULES} from '../../src/passes/simplify/rules.js'
import {simplifyModel} from '../../src/pipelines/simplify/simplify-model.js'
import {evaluateInProcess} from '../support/evaluate-in-process.js'
import {type StoredCase, storedCases} from '../support/onnx-testdata.js'
import {runStoredCase} from '../support/run-stored-case.js'

const TOLERANCE = 1e-3
/** Headers of a folded constant may take more than the nodes of a model this small. */
const SMALL_FILE_BYTES = 128

/** How a case is simplified. */
interface Way {
  readonly title: string
  readonly opset?: number
  /** Small inputs become constants, as real models have them. */
  readonly argumentsAsConstants?: boolean
  /** The file may not grow. */
  readonly keepsSize?: boolean
  /** As many cases at least have to run and match. */
  readonly least: number
}

const WAYS: readonly Way[] = [
  {title: 'as it is', keepsSize: true, least: 942},
  {title: 'with its arguments as constants', argumentsAsConstants: true, keepsSize: true, least: 800},
  {title: 'at opset 21', opset: 21, least: 942},
]

function isArgument(tensor: Tensor): boolean {
  return tensor.shape.length <= 1 && elementCount(tensor.shape) <= 64
}

function makeConstants(model: Model, stored: StoredCase): void {
  const {graph} = model
  for (const [index, input] of [...graph.inputs].entries()) {
    const tensor = stored.inputs[index]
    if (!tensor || !isArgument(tensor) || input.isOutput) continue
    graph.replaceUses(input, graph.constant(tensor, input.name))
    graph.inputs.splice(graph.inputs.indexOf(input), 1)
  }
}

for (const way of WAYS) {
  describe(`simplify of every operator case of ONNX ${way.title}`, () => {
    let equal = 0
    let changes = 0

    for (const stored of storedCases()) {
      it(stored.name, async () => {
        const {model} = await openModel(stored.modelPath)
        const names = model.graph.inputs.map(({name}) => name)
        if (way.argumentsAsConstants) makeConstants(model, stored)
        const before = await runStoredCase(model, stored, names)
        if (!before.ran || before.worst > TOLERANCE || model.graph.allNodes().some(isRandom)) return
        const sizeBytes = encodeModel(model).length
        inferModel(model)
        const {changed} = await simplifyModel(model, stored.modelPath, {
          rules: RULES,
          opset: way.opset && Math.max(way.opset, model.opsets.get('') ?? 1),
          limitBytes: Math.floor(sizeBytes * 0.005),
          evaluate: evaluateInProcess,
          inputShapes: {},
          dims: {},
        })
        changes += changed.length
        expect(verify(model.graph)).to.deep.equal([])
        if (way.keepsSize) expect(encodeModel(model).length).to.be.at.most(sizeBytes * 1.01 + SMALL_FILE_BYTES)
        const after = await runStoredCase(model, stored, names)
        if (!after.ran) throw new Error(after.reason)
        expect(after.worst).to.be.at.most(TOLERANCE)
        equal++
      })
    }

    it(`leaves the results of at least ${way.least} cases as they are`, () => {
      console.log(`${equal} cases with the same results, ${changes} changes`)
      expect(equal).to.be.at.least(way.least)
    })
  })
}
