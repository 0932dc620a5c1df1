import {expect} from 'chai'
import {
  parseDim,
  parseDuration,
  parseInteger,
  parseIntegerList,
  parseNumber,
  parseNumberList,
  parsePattern,
  parseRatio,
  parseShape,
  parseSides,
} from '../../src/cli/flag-values.js'
import {UsageError} from '../../src/errors.js'

type Parse = (text: string, flag: string) => unknown

describe('flag values', () => {
  const understood: readonly (readonly [Parse, string, unknown])[] = [
    [parseInteger, '12', 12],
    [parseNumber, '1/255', 1 / 255],
    [parseNumber, '-0.5', -0.5],
    [parseNumber, '1e-3', 0.001],
    [parseRatio, '0.3', 0.3],
    [parseRatio, '30%', 0.3],
    [parseDuration, '500ms', 500],
    [parseDuration, '1.5 s', 1500],
    [parseDuration, '2m', 120_000],
    [parseNumberList, '0.485, 0.456,1/2', [0.485, 0.456, 0.5]],
    [parseIntegerList, '1,8', [1, 8]],
    [parseSides, '224x112', [224, 112]],
    [parseSides, '28', [28, 28]],
    [parseShape, 'x:0=1,3,224,224', ['x:0', [1, 3, 224, 224]]],
    [parseDim, 'a=b=64', ['a=b', 64]],
  ]
  for (const [parse, text, value] of understood) {
    it(`${parse.name} understands ${text}`, () => {
      expect(parse(text, 'flag')).to.deep.equal(value)
    })
  }

  const refused: readonly (readonly [Parse, string])[] = [
    [parseInteger, '1.5'],
    [parseInteger, '-1'],
    [parseInteger, '1e3'],
    [parseInteger, '99999999999999999999'],
    [parseNumber, ''],
    [parseNumber, '1/0'],
    [parseNumber, '1/2/3'],
    [parseNumber, 'Infinity'],
    [parseRatio, '1.5'],
    [parseRatio, '-1%'],
    [parseDuration, '5'],
    [parseDuration, '5 weeks'],
    [parseNumberList, '1,,2'],
    [parseIntegerList, '1,0'],
    [parseSides, '0x5'],
    [parseShape, 'x'],
    [parseShape, '=1,2'],
    [parseDim, 'T=0'],
    [parsePattern, 'conv('],
  ]
  for (const [parse, text] of refused) {
    it(`${parse.name} refuses '${text}', naming flag, expectation and what it got`, () => {
      const [name, got] = ['--flag: expected', `got '${parse === parseIntegerList || parse === parseDim ? '0' : text}'`]
      expect(() => parse(text, 'flag'))
        .to.throw(UsageError, name)
        .with.property('message')
        .that.includes(got)
    })
  }

  it('parseRatio proposes the percent sign that was forgotten', () => {
    expect(() => parseRatio('30', 'sparsity'))
      .to.throw(UsageError)
      .with.property('hint', 'Write 30% or 0.3')
  })
})
