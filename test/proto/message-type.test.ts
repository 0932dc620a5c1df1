import type {DescField, DescMessage} from '@bufbuild/protobuf'
import {expect} from 'chai'
import {file_onnx} from 'onnx-buf'
import {type Field, messageTypes} from '../../src/proto/message-type.js'

/** Ours only: the ML profile's opaque type, which onnx-buf's plain profile leaves out. */
const ML_ONLY = ['TypeProto.opaqueType', 'TypeProto.Opaque.domain', 'TypeProto.Opaque.name']
const WIRE_NAMES: Readonly<Record<number, string>> = {
  1: 'double',
  2: 'float',
  3: 'int64',
  4: 'uint64',
  5: 'int32',
  9: 'string',
  12: 'bytes',
}

describe('messageTypes', () => {
  it('has every field of ONNX 1.20 with the number and type onnx-buf gives it, and only the ML profile besides', () => {
    const theirs = file_onnx.messages.flatMap(describeMessage)
    const ours = [...messageTypes().values()].flatMap((type) =>
      type.ordered.map((field) => describeOurs(`${type.name}.${field.name}`, field)),
    )
    const withoutMl = ours.filter((line) => !ML_ONLY.some((name) => line.startsWith(`${name} `)))

    expect(theirs.length).to.be.greaterThan(100)
    expect(withoutMl.sort()).to.deep.equal(theirs.sort())
    expect(ours.length - withoutMl.length).to.equal(ML_ONLY.length)
  })
})

function describeMessage(message: DescMessage): string[] {
  const name = message.typeName.replace('onnx.', '')
  const own = message.fields.map((field) => `${name}.${field.localName} ${describeTheirs(field)}`)
  return [...own, ...message.nestedMessages.flatMap(describeMessage)]
}

function describeTheirs(field: DescField): string {
  const repeated = field.fieldKind === 'list'
  const packed = field.fieldKind === 'list' && field.packed
  return `${field.number} ${repeated ? 'repeated ' : ''}${typeOf(field)}${packed ? ' packed' : ''}`
}

function typeOf(field: DescField): string {
  if (field.message) return field.message.typeName.replace('onnx.', '')
  return field.enum ? 'int32' : (WIRE_NAMES[field.scalar ?? 0] ?? `scalar ${field.scalar}`)
}

function describeOurs(name: string, field: Field): string {
  const type = field.message?.name ?? field.scalar
  return `${name} ${field.number} ${field.repeated ? 'repeated ' : ''}${type}${field.packed ? ' packed' : ''}`
}
