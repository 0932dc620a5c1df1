import {expect} from 'chai'
import {type ClassEvidence, classEvidence} from '../../src/judge/class-evidence.js'

/** Logits of a model that chooses `answers`, as sure as `margin` makes it. */
function evidenceOf(answers: readonly number[], labels: readonly number[], classes = 3, margin = 3): ClassEvidence {
  const data = new Float32Array(answers.length * classes)
  answers.forEach((answer, row) => {
    data[row * classes + answer] = margin
  })
  return classEvidence({data, shape: [answers.length, classes], labels: Float64Array.from(labels)}) as ClassEvidence
}

/** 0, 1, 2, 0, 1, 2, ... */
const inTurn = (rows: number, classes = 3) => Array.from({length: rows}, (_, row) => row % classes)

describe('classEvidence', () => {
  it('tells accuracy, its mean over the classes, and how sure the answers are', () => {
    const {accuracy, balanced, confidence, rows} = evidenceOf([0, 0, 0, 0], [0, 0, 0, 1], 2, Math.log(9))
    expect([rows, accuracy.value, balanced]).to.deep.equal([4, 0.75, 0.5])
    expect(confidence).to.be.closeTo(0.9, 1e-6)
  })

  it('counts the most frequent label as guessing', () => {
    const skewed = Array.from({length: 100}, (_, row) => Number(row < 10))
    expect(evidenceOf(skewed, skewed, 2).chance).to.be.closeTo(0.9 + 2 * Math.sqrt(0.09 / 100), 1e-9)
  })

  it('finds labels that count from another number', () => {
    const answers = inTurn(60, 3)
    const {order} = evidenceOf(
      answers,
      answers.map((answer) => answer + 1),
      4,
    )
    expect(order).to.deep.equal({share: 1, shift: 1})
  })

  it('finds labels in another order, and none where two answers share one', () => {
    const answers = inTurn(60)
    const swapped = [2, 0, 1]
    expect(
      evidenceOf(
        answers,
        answers.map((answer) => swapped[answer] as number),
      ).order,
    ).to.deep.equal({share: 1, shift: undefined})
    expect(
      evidenceOf(
        answers,
        answers.map((answer) => Math.min(answer, 1)),
      ).order,
    ).to.equal(undefined)
  })

  it('says nothing of targets that are no classes, and of outputs that are no scores', () => {
    const data = new Float32Array(4)
    expect(classEvidence({data, shape: [4, 1], labels: Float64Array.of(0.5, 1, 2, 3)})).to.equal(undefined)
    expect(classEvidence({data, shape: [4, 1], labels: Float64Array.of(7, 1, 2, 3)})).to.equal(undefined)
    expect(classEvidence({data, shape: [1, 2, 2], labels: Float64Array.of(1)})).to.equal(undefined)
    expect(classEvidence({data, shape: [2, 2], labels: undefined})).to.equal(undefined)
  })
})
