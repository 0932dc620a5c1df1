import {expect} from 'chai'
import {kindOf, type SeenOutput, type Surroundings} from '../../src/judge/kind-of.js'
import type {OutputFacts} from '../../src/judge/output-facts.js'

const NOWHERE: Surroundings = {outputs: [], vocabularies: [], ids: [], inputs: new Map([['x', [1, 3, 64, 64]]])}

function seen(name: string, dims: readonly number[], facts: Partial<OutputFacts> = {}, values?: number[]): SeenOutput {
  const length = dims.reduce((product, size) => product * size, 1)
  return {
    facts: {name, tail: 'other', parts: undefined, isEnlarged: false, isFreelyShaped: false, ...facts},
    ...{dtype: 'float32', dims, axis: 0, values: values ?? new Float32Array(length).fill(0.5)},
  }
}

const kind = (output: SeenOutput, around: Partial<Surroundings> = {}) =>
  kindOf(output, {...NOWHERE, outputs: [output], ...around}).kind

describe('kindOf', () => {
  it('goes by the type first', () => {
    expect(kind({...seen('label', [1, 4]), dtype: 'int64'})).to.equal('integers')
    expect(kind({...seen('kept', [1, 4]), dtype: 'bool'})).to.equal('integers')
    expect(kind({...seen('word', [1]), dtype: 'string'})).to.equal('strings')
  })

  it('knows classes, scores and vectors of samples', () => {
    expect(kind(seen('y', [1, 10]))).to.equal('labels')
    expect(kind(seen('y', [1, 1000], {tail: 'softmax'}))).to.equal('labels')
    expect(kind(seen('logits', [1, 512]))).to.equal('labels')
    expect(kind(seen('y', [1, 5], {tail: 'sigmoid'}))).to.equal('scores')
    expect(kind(seen('y', [1, 1], {tail: 'sigmoid'}))).to.equal('scores')
    expect(kind(seen('score', [1, 1]))).to.equal('scores')
    expect(kind(seen('y', [1, 1]))).to.equal('regression')
    expect(kind(seen('y', [1, 512]))).to.equal('embedding')
    expect(kind(seen('y', [1, 40], {tail: 'unit length'}))).to.equal('embedding')
    expect(kind(seen('image_embeds', [1, 20]))).to.equal('embedding')
    expect(kind(seen('y', [1, 1, 1, 96], {tail: 'bounded'}))).to.equal('embedding')
    expect(kind(seen('pose', [1, 6]))).to.equal('regression')
  })

  it('finds the scores and boxes of a detector without their names', () => {
    const [scores, numbers] = [seen('Identity:0', [1, 512, 1]), seen('Identity_2:0', [1, 512, 16])]
    const around = {outputs: [scores, numbers]}
    expect(kind(scores, around)).to.equal('scores')
    expect(kind(numbers, around)).to.equal('boxes')
    // other places: nothing to do with these
    expect(kind(numbers, {outputs: [seen('Identity_1:0', [1, 384, 1]), numbers]})).to.equal('regression')
  })

  it('finds several classes beside boxes, first axis, channels last and flat rows alike', () => {
    for (const places of [[1, 144], [1, 12, 12], [144]]) {
      const scores = seen('a', [...places, 10], {tail: 'probability'})
      const boxes = seen('b', [...places, 4])
      expect(kind(scores, {outputs: [scores, boxes]}), places.join()).to.be.oneOf(['places', 'labels'])
      expect(kind(boxes, {outputs: [scores, boxes]}), places.join()).to.equal('boxes')
    }
  })

  it('knows boxes and scores in one output by what was put together', () => {
    const parts = [
      {tail: 'other', size: 4},
      {tail: 'sigmoid', size: 80},
    ] as const
    expect(kind(seen('output0', [1, 84, 8400], {parts}))).to.equal('detections')
    expect(kind(seen('output0', [1, 84, 8400]))).not.to.equal('detections')
  })

  it('tells masks, classes of pixels, peaks and pictures apart', () => {
    expect(kind(seen('y', [1, 1, 64, 64], {tail: 'sigmoid'}))).to.equal('mask')
    expect(kind(seen('mask_logits', [1, 1, 64, 64]))).to.equal('mask')
    expect(kind(seen('out', [1, 21, 64, 64], {isEnlarged: true}))).to.equal('places')
    expect(kind(seen('out', [1, 21, 64, 64]))).to.equal('regression')
    expect(kind(seen('y', [1, 2, 16, 16], {tail: 'softmax'}))).to.equal('places')
    expect(kind(seen('y', [1, 32, 32, 1], {tail: 'peaks'}))).to.equal('scores')
    expect(kind(seen('y', [1, 3, 64, 64]))).to.equal('regression')
    expect(kind(seen('depth', [1, 1, 64, 64]))).to.equal('regression')
  })

  it('knows the words of a text by the tables that ids are looked up in', () => {
    const around = {vocabularies: [3000], ids: [[1, 8]], inputs: new Map([['input_ids', [1, 8]]])}
    expect(kind(seen('y', [1, 8, 3000]), around)).to.equal('tokens')
    expect(kind(seen('logits', [1, 8, 9]), around)).to.equal('places')
    expect(kind(seen('last_hidden_state', [1, 8, 64], {tail: 'normalized'}), around)).to.equal('embedding')
    expect(kind(seen('start_logits', [1, 8]), around)).to.equal('labels')
  })

  it('knows lines of text by their blanks, and does not take tags for them', () => {
    const path = (labels: number[], classes: number) =>
      labels.flatMap((label) => Array.from({length: classes}, (_, one) => (one === label ? 0.9 : 0.01)))
    const lines = path([0, 5, 0, 0, 7, 7, 0, 0], 30)
    expect(kind(seen('y', [1, 8, 30], {tail: 'softmax'}, lines))).to.equal('lines')
    const tags = path([3, 3, 3, 3, 3, 3, 3, 3], 30)
    expect(kind(seen('y', [1, 8, 30], {tail: 'softmax'}, tags))).to.equal('places')
  })

  it('knows states that are fed back', () => {
    expect(kind(seen('y', [1, 2, 64], {tail: 'recurrent state'}))).to.equal('state')
    const around = {inputs: new Map([['past.0.key', [1, 2, 0, 16]]])}
    expect(kind(seen('present.0.key', [1, 2, 8, 16]), around)).to.equal('state')
  })

  it('says when nothing spoke for what it took', () => {
    expect(kindOf(seen('y', [1, 4, 5, 6]), NOWHERE)).to.deep.include({kind: 'regression', isGuess: true})
    expect(kindOf(seen('y', [1, 10]), NOWHERE)).not.to.have.property('isGuess')
  })
})
