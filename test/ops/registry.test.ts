import {expect} from 'chai'
import type {Tensor as OrtTensor} from 'onnxruntime-node'
import {evaluateDim} from '../../src/ir/dim.js'
import type {DType} from '../../src/ir/dtype.js'
import type {Node} from '../../src/ir/node.js'
import {tensorType} from '../../src/ir/types.js'
import {inferModel} from '../../src/ops/infer-graph.js'
import {isRefusal, type OpSpec} from '../../src/ops/op-spec.js'
import {dtypeOf, shapeOf} from '../../src/ops/operand.js'
import {lookup, OPERATORS} from '../../src/ops/registry.js'
import {runGraph, sampleTensor} from '../support/run-graph.js'
import {f, modelOf, type OpCase} from './cases/case.js'
import {COMPUTE_CASES} from './cases/compute.js'
import {CONTRIB_CASES} from './cases/contrib.js'
import {MOVEMENT_CASES} from './cases/movement.js'
import {SPECIALIZED_CASES} from './cases/specialized.js'

/** Subgraphs and lists do not fit the table: control.test.ts and sequence.test.ts have them. */
const ELSEWHERE = ['If', 'Loop', 'Scan', 'Optional', 'OptionalGetElement', 'OptionalHasElement']
const isElsewhere = ({type}: OpSpec) => ELSEWHERE.includes(type) || type.includes('Sequence')
/** The newest version ONNX Runtime 1.30 knows without a warning. */
const NEWEST_OPSET = 24
const DEFAULT_CASE: readonly OpCase[] = [{inputs: [f(2, 3, 4, 5)]}]

const STANDARD_CASES = {...COMPUTE_CASES, ...MOVEMENT_CASES, ...SPECIALIZED_CASES}

function casesOf(spec: OpSpec): readonly OpCase[] {
  if (spec.domain) return CONTRIB_CASES[spec.type] ?? DEFAULT_CASE
  const key = `${spec.type} ${spec.sinceOpset}`
  return STANDARD_CASES[key] ?? DEFAULT_CASE
}

/** The last opset at which this record is the one that holds. */
function newestOpset(spec: OpSpec): number {
  if (spec.domain) return 1
  const later = OPERATORS.filter(
    (other) => !other.domain && other.type === spec.type && other.sinceOpset > spec.sinceOpset,
  )
  return Math.min(Math.max(NEWEST_OPSET, spec.sinceOpset), ...later.map((other) => other.sinceOpset - 1))
}

/** Fed shapes with every size named: what holds for names must hold for the numbers. */
function nameSizes(model: ReturnType<typeof modelOf>['model']): Record<string, number> {
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

async function runCase(spec: OpSpec, opCase: OpCase): Promise<readonly {type: string; dims: readonly number[]}[]> {
  if (opCase.stated) return opCase.stated.types.map(([type, dims]) => ({type, dims}))
  const {model, fed} = modelOf(spec.domain ?? '', spec.type, opCase.opset ?? newestOpset(spec), opCase)
  const feeds = Object.fromEntries(
    [...fed].map(([name, {dtype, shape, limit}]): [string, OrtTensor] => [name, sampleTensor(dtype, shape, limit)]),
  )
  const results = await runGraph(model, feeds)
  return model.graph.outputs.map((value) => results[value.name] ?? {type: 'missing', dims: []})
}

/** Operators whose sizes only the data decides. */
const OPEN = ['NonZero', 'NonMaxSuppression', 'Compress', 'Unique', 'StringNormalizer', 'StringSplit', 'ImageDecoder']

/** ONNX Runtime's numbers beside ours: all of them with known sizes, with named ones those that can be told. */
function compare(spec: OpSpec, opCase: OpCase, real: readonly {type: string; dims: readonly number[]}[]): void {
  for (const symbolic of [false, true]) {
    const {model} = modelOf(spec.domain ?? '', spec.type, opCase.opset ?? newestOpset(spec), opCase)
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

describe('OPERATORS', () => {
  it('holds one record per operator and version', () => {
    const keys = OPERATORS.map((spec) => `${spec.domain ?? ''}:${spec.type} ${spec.sinceOpset}`)
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).to.deep.equal([])
    expect(OPERATORS.length).to.be.greaterThan(150)
  })

  it('has a case for every key of the tables', () => {
    const keys = OPERATORS.filter((spec) => !spec.domain).map((spec) => `${spec.type} ${spec.sinceOpset}`)
    expect(keys).to.include.members(Object.keys(STANDARD_CASES))
  })

  for (const spec of OPERATORS.filter((one) => !isElsewhere(one))) {
    it(`${spec.domain ? `${spec.domain}.` : ''}${spec.type} ${spec.sinceOpset} infers what ONNX Runtime computes`, async () => {
      for (const opCase of casesOf(spec)) compare(spec, opCase, await runCase(spec, opCase))
    })
  }
})

/** The cases of a record with known sizes, inferred. */
function inferredNodes(spec: OpSpec): Node[] {
  return casesOf(spec).flatMap((opCase) => {
    const {model} = modelOf(spec.domain ?? '', spec.type, opCase.opset ?? newestOpset(spec), opCase)
    inferModel(model)
    return model.graph.nodes()
  })
}

describe('the slots of every record', () => {
  it('tie only axes of the same size', () => {
    for (const spec of OPERATORS) {
      if (isRefusal(spec.prune)) continue
      for (const node of inferredNodes(spec)) {
        for (const tie of spec.prune(node)) {
          const sizes = tie.map(([value, axis]) => shapeOf(value)?.[axis])
          expect(new Set(sizes).size, `${spec.type} ${spec.sinceOpset}: ${sizes}`).to.equal(1)
          expect(sizes[0]).to.be.a('number')
        }
      }
    }
  })

  it('count products once all sizes are known', () => {
    for (const spec of OPERATORS.filter((one) => !isElsewhere(one))) {
      for (const node of inferredNodes(spec))
        expect(spec.macs(node), `${spec.type} ${spec.sinceOpset}`).to.be.a('number')
    }
  })

  it('name a weight, a channel axis inside its rank, and a reason for every gap', () => {
    for (const spec of OPERATORS) {
      for (const slot of [spec.gradient, spec.quantize, spec.prune])
        if (isRefusal(slot)) expect(slot.refused).to.match(/^\S.{15,}/)
      if (isRefusal(spec.quantize) || spec.quantize.as !== 'compute') continue
      const {weight, channelAxis} = spec.quantize
      expect(spec.parameters.weights).to.include(weight)
      for (const node of inferredNodes(spec)) {
        expect(channelAxis(node)).to.be.within(0, (shapeOf(node.inputs[weight])?.length ?? 0) - 1)
      }
    }
  })
})

describe('lookup', () => {
  it('takes the newest record not above the opset', () => {
    expect(lookup({domain: '', opType: 'Squeeze'}, 12)?.sinceOpset).to.equal(1)
    expect(lookup({domain: '', opType: 'Squeeze'}, 13)?.sinceOpset).to.equal(13)
    expect(lookup({domain: '', opType: 'Squeeze'}, 21)?.sinceOpset).to.equal(13)
  })

  it('knows nothing of other domains and of operators from later opsets', () => {
    expect(lookup({domain: 'my.ops', opType: 'Relu'}, 13)).to.equal(undefined)
    expect(lookup({domain: '', opType: 'Gelu'}, 19)).to.equal(undefined)
  })
})
