import {expect} from 'chai'
import {longerTiming} from '../../src/cli/longer-timing.js'

const files = {input: {path: 'my model.onnx'}, output: {path: '/tmp/out.onnx'}}
const timing = {before: 1, after: 0.9, ratio: 0.9, low: 0.6, high: 1.4, verdict: 'undecided'} as const

describe('longerTiming', () => {
  it('is a command to paste: files quoted for a shell, what decides the runs kept, the rest left out', () => {
    const typed = [
      {flag: 'threads', input: '2'},
      {flag: 'dim', input: 'N=4'},
      {flag: 'force', input: '--force'},
      {flag: 'data', input: 'x.npz'},
      {flag: 'max-drop', input: '1%'},
    ]
    const text = longerTiming({...files, timing, fidelity: {inputs: 'synthetic'}}, typed)
    expect(text).to.equal(
      "speed undecided: `mopt bench 'my model.onnx' /tmp/out.onnx --threads=2 --dim=N=4` measures longer",
    )
  })

  it('feeds a few of the samples where samples were timed', () => {
    const typed = [
      {flag: 'data', input: 'x-images-idx3-ubyte'},
      {flag: 'mean', input: '-0.5'},
      {flag: 'shuffle', input: '--no-shuffle'},
    ]
    const result = {...files, timing, fidelity: {inputs: 'data'}}
    expect(longerTiming(result, typed)).to.contain(
      'out.onnx --data=x-images-idx3-ubyte --mean=-0.5 --no-shuffle --limit=64`',
    )
    expect(longerTiming(result, [...typed, {flag: 'limit', input: '7'}])).to.contain('--limit=7`')
  })

  it('feeds the held-out samples where there were some: those were timed', () => {
    const typed = [
      {flag: 'data', input: 'x.npz'},
      {flag: 'eval', input: 'y.npz'},
      {flag: 'eval-labels', input: 'y.npy'},
      {flag: 'limit', input: '7'},
    ]
    const result = {...files, timing, fidelity: {inputs: 'data'}}
    expect(longerTiming(result, typed)).to.contain('out.onnx --data=y.npz --labels=y.npy --limit=64`')
  })

  it('says nothing where a verdict fell, or nothing was timed', () => {
    for (const verdict of ['faster', 'slower', 'no difference'] as const) {
      expect(longerTiming({...files, timing: {...timing, verdict}}, [])).to.equal(undefined)
    }
    expect(longerTiming({...files, timing: null}, [])).to.equal(undefined)
    expect(longerTiming({results: []}, [])).to.equal(undefined)
  })
})
