import {expect} from 'chai'
import type {DType} from '../../../../src/ir/dtype.js'
import {dtypeCode} from '../../../../src/ir/dtype.js'
import {keepsEverything, mergeCasts} from '../../../../src/passes/simplify/rules/merge-casts.js'
import type {Write} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'
import {sampleTensor} from '../../../support/run-graph.js'

function casts(from: DType, via: DType, to: DType): Write {
  return (build) => {
    const between = build.op('Cast', [build.input('x', [6], from)], {to: dtypeCode(via)})
    build.output(build.op('Cast', [between], {to: dtypeCode(to)}, {outputs: ['y']}))
  }
}

describe('mergeCasts', () => {
  for (const [from, via, to] of [
    ['int32', 'int64', 'float32'],
    ['uint8', 'float32', 'int32'],
    ['bool', 'int64', 'float32'],
    ['float32', 'float64', 'int64'],
  ] as const) {
    itRewrites({
      name: `joins ${from} to ${via} to ${to}`,
      rule: mergeCasts,
      write: casts(from, via, to),
      feeds: {x: sampleTensor(from, [6])},
      leaves: ['Cast'],
    })
  }
  for (const [from, via, to] of [
    ['float32', 'int64', 'float32'],
    ['int64', 'float32', 'int64'],
    ['float32', 'float16', 'float32'],
    ['int32', 'bool', 'int32'],
  ] as const) {
    itDeclines({
      name: `keeps ${from} to ${via} to ${to}: it loses something`,
      rule: mergeCasts,
      write: casts(from, via, to),
      because: /rounds/,
    })
  }
})

describe('keepsEverything', () => {
  it('is right about every pair of integers, by their ranges', () => {
    const ranges: readonly (readonly [DType, bigint, bigint])[] = ([8, 16, 32, 64] as const).flatMap((bits) => [
      [`int${bits}`, -(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n] as const,
      [`uint${bits}`, 0n, 2n ** BigInt(bits) - 1n] as const,
    ])
    for (const [from, low, high] of ranges) {
      for (const [to, lowest, highest] of ranges) {
        expect(keepsEverything(from, to), `${from} in ${to}`).to.equal(lowest <= low && high <= highest)
      }
    }
  })
})
