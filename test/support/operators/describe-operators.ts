import {expect} from 'chai'
import {FIRST_OPSET} from '../../../src/autodiff/backward.js'
import type {Value} from '../../../src/ir/value.js'
import {type AxisTie, isRefusal, type OpSpec} from '../../../src/ops/op-spec.js'
import {shapeOf} from '../../../src/ops/operand.js'
import {OPERATORS} from '../../../src/ops/registry.js'
import {f, type OpCase} from './case.js'
import {checkGradient, type GradientCase, moving} from './gradient-trial.js'
import {lastOpset} from './last-opset.js'
import {checkShapes, inferredNodes} from './shape-trial.js'

/** The calls that the records of one file are tried with; a float tensor goes in where there are none. */
export interface OperatorCases {
  /** By operator and the `sinceOpset` of its record ('Conv 1'), by operator alone outside of the standard domain. */
  readonly shapes?: Readonly<Record<string, readonly OpCase[]>>
  /** By either. */
  readonly gradients?: Readonly<Record<string, readonly GradientCase[]>>
}

/** Subgraphs and lists do not fit the cases: their files have tests of their own below this. */
const WITHOUT_CASES = /^(If|Loop|Scan|Optional.*|Sequence.*|SplitToSequence|ConcatFromSequence)$/
/** Rules without differences to compare with: test/autodiff/backward.test.ts has them. */
const WITHOUT_DIFFERENCES = ['QuantizeLinear', 'DequantizeLinear', 'DynamicQuantizeLinear']
const DEFAULT_SHAPES: readonly OpCase[] = [{inputs: [f(2, 3, 4, 5)]}]
const DEFAULT_GRADIENTS: readonly GradientCase[] = [{inputs: [moving(3, 5)]}]

/**
 * Describes every record of a file of operators: its shapes against ONNX Runtime, its gradient against differences, its slots against
 * each other. @param file the module, `import * as file`
 */
export function describeOperators(file: Readonly<Record<string, unknown>>, cases: OperatorCases = {}): void {
  const records = Object.values(file)
    .filter((entry) => typeof entry !== 'function')
    .flat() as OpSpec[]
  describe(`the file of ${[...new Set(records.map(({type}) => type))].join(', ')}`, () => {
    it('has its line in operators.ts, and no case for the operators of other files', () => {
      expect(OPERATORS).to.include.members(records)
      const names = records.flatMap(({type, sinceOpset}) => [type, `${type} ${sinceOpset}`])
      expect(names).to.include.members([...Object.keys(cases.shapes ?? {}), ...Object.keys(cases.gradients ?? {})])
    })
  })
  for (const spec of records) {
    describe(`${spec.domain ? `${spec.domain}.` : ''}${spec.type} ${spec.sinceOpset}`, () => {
      const key = `${spec.type} ${spec.sinceOpset}`
      const shapes = cases.shapes?.[spec.domain ? spec.type : key] ?? DEFAULT_SHAPES
      describeShapes(spec, shapes)
      describeSlots(spec, shapes)
      if (isRefusal(spec.gradient) || WITHOUT_DIFFERENCES.includes(spec.type)) return
      describeGradient(spec, cases.gradients?.[key] ?? cases.gradients?.[spec.type] ?? DEFAULT_GRADIENTS)
    })
  }
}

function describeShapes(spec: OpSpec, cases: readonly OpCase[]): void {
  if (WITHOUT_CASES.test(spec.type)) return
  it('infers what ONNX Runtime computes', async () => {
    for (const opCase of cases) await checkShapes(spec, opCase)
  })

  it('counts products once all sizes are known', () => {
    for (const node of inferredNodes(spec, cases)) expect(spec.macs(node)).to.be.a('number')
  })
}

function describeSlots(spec: OpSpec, cases: readonly OpCase[]): void {
  const {prune, quantize} = spec
  if (!isRefusal(prune)) {
    it('ties positions that its axes have, each to one index', () => {
      for (const node of inferredNodes(spec, cases)) {
        const ties = prune(node)
        if (isRefusal(ties)) expect(ties.refused).to.match(/^\S.{15,}/)
        else for (const tie of ties) checkTie(tie)
      }
    })
  }
  if (!isRefusal(quantize) && quantize.as === 'compute') {
    it('names a weight, and a channel axis inside its rank', () => {
      const {weight, channelAxis} = quantize
      expect(spec.parameters.weights).to.include(weight)
      for (const node of inferredNodes(spec, cases))
        expect(channelAxis(node)).to.be.within(0, (shapeOf(node.inputs[weight])?.length ?? 0) - 1)
    })
  }
  const gaps = [spec.gradient, quantize, prune].filter(isRefusal)
  if (gaps.length === 0) return
  it('gives a reason for every gap', () => {
    for (const {refused} of gaps) expect(refused).to.match(/^\S.{15,}/)
  })
}

/** No position is out of its axis, and none belongs to two indices. */
function checkTie({size, members}: AxisTie): void {
  const owners = new Map<Value, Map<string, number>>()
  for (const {value, axis, offset = 0, each = 1, copies = 1, stride = size * each} of members) {
    const length = shapeOf(value)?.[axis]
    expect(length, `${value.name}, axis ${axis}`).to.be.a('number')
    for (let position = 0; position < size * each * copies; position++) {
      const [copy, rest] = [Math.floor(position / (size * each)), position % (size * each)]
      const place = offset + copy * stride + rest
      expect(place, `${value.name}, axis ${axis}`).to.be.below(length as number)
      const taken = owners.get(value) ?? new Map<string, number>()
      const index = Math.floor(rest / each)
      expect(taken.get(`${axis}:${place}`) ?? index).to.equal(index)
      owners.set(value, taken.set(`${axis}:${place}`, index))
    }
  }
}

function describeGradient(spec: OpSpec, cases: readonly GradientCase[]): void {
  it('has a gradient that agrees with differences', async () => {
    expect(Math.min(...opsetsOf(spec)), 'opset').to.be.at.least(FIRST_OPSET)
    for (const [index, one] of cases.entries()) {
      for (const opset of one.opsets ?? opsetsOf(spec)) {
        for (const named of one.sizes === 'numbers' ? [false] : [false, true]) {
          const where = {domain: spec.domain ?? '', type: spec.type, opset, named}
          const {error, tolerance, dtype} = await checkGradient(where, one)
          expect(error, `case ${index}, opset ${opset}, ${named ? 'named' : 'known'} sizes, ${dtype}`).to.be.at.most(
            tolerance,
          )
        }
      }
    }
  })
}

/** The first and the last opset at which a record holds and gradients can be written. */
function opsetsOf(spec: OpSpec): number[] {
  if (spec.domain) return [17]
  return [...new Set([Math.max(FIRST_OPSET, spec.sinceOpset), lastOpset(spec)])]
}
