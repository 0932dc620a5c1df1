import type {GraphBuilder} from '../../../../src/ir/build.js'
import {fuseSoftmax} from '../../../../src/passes/simplify/rules/fuse-softmax.js'
import {floatFeed, type Write} from '../../../support/pass-trial.js'
import {itDeclines, itRewrites} from '../../../support/rule-trial.js'

interface Form {
  readonly axis: number
  /** Axis of the maximum that is taken away first. */
  readonly maxAxis?: number | undefined
  readonly isSumAttribute?: boolean
  readonly readsPowers?: boolean
}

function writing({axis, maxAxis, isSumAttribute, readsPowers}: Form): Write {
  return (build: GraphBuilder) => {
    const x = build.input('x', ['N', 3, 8])
    const shifted = maxAxis === undefined ? x : build.op('Sub', [x, build.op('ReduceMax', [x], {axes: [maxAxis]})])
    const powers = build.op('Exp', [shifted])
    const sum = isSumAttribute
      ? build.op('ReduceSum', [powers], {axes: [axis]})
      : build.op('ReduceSum', [powers, build.ints([axis])])
    if (readsPowers) build.output(build.op('Abs', [powers]))
    build.output(build.op('Div', [powers, sum], {}, {outputs: ['y']}))
  }
}

describe('fuseSoftmax', () => {
  const feeds = {x: floatFeed([2, 3, 8])}
  for (const axis of [-1, 1, 2]) {
    for (const maxAxis of [undefined, axis]) {
      const name = `along axis ${axis}, ${maxAxis === undefined ? 'without' : 'with'} the maximum`
      itRewrites({name, rule: fuseSoftmax, write: writing({axis, maxAxis}), feeds, leaves: ['Softmax']})
    }
  }
  itRewrites({
    name: 'along the last axis before opset 13',
    rule: fuseSoftmax,
    write: writing({axis: -1, maxAxis: 2, isSumAttribute: true}),
    opset: 11,
    feeds,
    leaves: ['Softmax'],
  })
  itRewrites({
    name: 'keeps a maximum along another axis in front',
    rule: fuseSoftmax,
    write: writing({axis: 2, maxAxis: 1}),
    feeds,
    leaves: ['ReduceMax', 'Sub', 'Softmax'],
  })
  itDeclines({
    name: 'leaves a middle axis before opset 13',
    rule: fuseSoftmax,
    write: writing({axis: 1, isSumAttribute: true}),
    opset: 11,
    because: /needs opset 13/,
  })
  itDeclines({
    name: 'leaves exponentials that something else reads',
    rule: fuseSoftmax,
    write: writing({axis: 1, readsPowers: true}),
    because: /other consumers/,
  })
})
