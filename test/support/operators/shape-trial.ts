import {expect} from 'chai'
import type {Tensor as OrtTensor} from 'onnxruntime-node'
import {evaluateDim} from '../../../src/ir/dim.js'
import type {DType} from '../../../src/ir/dtype.js'
import type {Model} from '../../../src/ir/model.js'
import type {Node} from '../../../src/ir/node.js'
import {tensorType} from '../../../src/ir/types.js'
import {inferModel} from '../../../src/ops/infer-graph.js'
import type {OpSpec} from '../../../src/ops/op-spec.js'
import {dtypeOf, shapeOf} from '../../../src/ops/operand.js'
import {runGraph, sampleTensor} from '../run-graph.js'
import {modelOf, type OpCase} from './case.js'
import {lastOpset} from './last-opset.js'

/** Operators whose sizes only the data decides. */
const OPEN = ['NonZero', 'NonMaxSuppression', 'Compress', 'Unique', 'StringNormalizer', 'StringSplit', 'ImageDecoder']

/** Compares the types a record infers with those of ONNX Runtime: all of them with known sizes, with named ones those that can be told. */
export async function checkShapes(spec: OpSpec, opCase: OpCase): Promise<void> {
  const real = await runCase(spec, opCase)
  for (const symbolic of [false, true]) {
    const {model} = caseModel(spec, opCase)
    const bindings = symbolic ? nameSizes(model) : {}
    inferModel(model)
    model.graph.outputs.forEach((value, index) => {
      expect(dtypeOf(value), 'dtype').to.equal(real[index]?.type as DType)
      const inferred = shapeOf(value)?.map((size) => evaluateDim(size, bindings))
      const dims = real[index]?.dims ?? []
      if (!symbolic && !OPEN.includes(spec.type)) expect(inferred, 'shape').to.deep.equal(dims)
      const known = dims.map((size, axis) => (inferred?.[axis] === undefined ? undefined : size))
      if (inferred) expect(inferred, 'what is known of the shape').to.deep.equal(known)
    })
  }
}

/** The nodes of the cases of a record, with known sizes, inferred. */
export function inferredNodes(spec: OpSpec, cases: readonly OpCase[]): Node[] {
  return cases.flatMap((opCase) => {
    const {model} = caseModel(spec, opCase)
    inferModel(model)
    return model.graph.nodes()
  })
}

function caseModel(spec: OpSpec, opCase: OpCase): ReturnType<typeof modelOf> {
  return modelOf(spec.domain ?? '', spec.type, opCase.opset ?? (spec.domain ? 1 : lastOpset(spec)), opCase)
}

async function runCase(spec: OpSpec, opCase: OpCase): Promise<readonly {type: string; dims: readonly number[]}[]> {
  if (opCase.stated) return opCase.stated.types.map(([type, dims]) => ({type, dims}))
  const {model, fed} = caseModel(spec, opCase)
  const feeds = Object.fromEntries(
    [...fed].map(([name, {dtype, shape, limit}]): [string, OrtTensor] => [name, sampleTensor(dtype, shape, limit)]),
  )
  const results = await runGraph(model, feeds)
  return model.graph.outputs.map((value) => results[value.name] ?? {type: 'missing', dims: []})
}

/** Fed shapes with every size named: what holds for names must hold for the numbers. */
function nameSizes(model: Model): Record<string, number> {
  const bindings: Record<string, number> = {}
  for (const input of model.graph.inputs) {
    const named = (shapeOf(input) ?? []).map((size, axis) => {
      const name = `${input.name}_${axis}`
      bindings[name] = size as number
      return name
    })
    input.type = tensorType(dtypeOf(input), named)
  }
  return bindings
}
