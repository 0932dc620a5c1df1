import {expect} from 'chai'
import {optionSchemas, resultSchemas} from '../../src/options/json-schemas.js'

type Schema = {[key: string]: Schema} & {required?: string[]; additionalProperties?: unknown; default?: unknown}

describe('optionSchemas', () => {
  it('says of each option its type, its default and what it is for', () => {
    const quantize = optionSchemas()['quantize-options'] as Schema
    const blockSize = quantize.properties?.quantize?.properties?.blockSize
    expect(blockSize).to.deep.include({type: 'integer', minimum: 8, maximum: 65536, default: 32})
    expect(blockSize?.description).to.be.a('string')
  })

  it('asks only for what has no default, and refuses what it does not know', () => {
    const {'quantize-options': quantize, 'distill-options': distill} = optionSchemas() as Record<string, Schema>
    expect(quantize?.required ?? []).to.deep.equal([])
    expect(distill?.required).to.deep.equal(['distill'])
    expect(distill?.additionalProperties).to.equal(false)
  })

  it('describes the values of records, whose names may be any', () => {
    const simplify = optionSchemas()['simplify-options'] as Schema
    const dims = simplify.properties?.run?.properties?.dims
    expect(dims).to.deep.include({
      type: 'object',
      additionalProperties: {type: 'integer', minimum: 1, maximum: 9007199254740991},
    })
  })
})

describe('resultSchemas', () => {
  it('has one for each verb that prints a document, in the version of now', () => {
    const schemas = resultSchemas() as Record<string, Schema>
    for (const [name, schema] of Object.entries(schemas)) {
      expect(schema.properties?.schemaVersion, name).to.deep.include({const: 1})
      expect(schema.required, name).to.include('warnings')
    }
    expect(Object.keys(schemas)).to.include.members(
      Object.keys(optionSchemas()).map((name) => name.replace('options', 'result')),
    )
  })
})
