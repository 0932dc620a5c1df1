import type {Dim} from '../ir/dim.js'
import {DTYPE_BY_CODE, type DType, dtypeCode} from '../ir/dtype.js'
import {type Shape, tensorType, type ValueType} from '../ir/types.js'
import type {DimensionProto, ElementTypeProto, TensorShapeProto, TypeProto} from '../proto/messages.js'

/** The type a ValueInfoProto states; undefined when it states none. */
export function readType(proto: TypeProto | undefined): ValueType | undefined {
  if (proto?.tensorType) return tensorType(dtypeOf(proto.tensorType.elemType), shapeOf(proto.tensorType.shape))
  if (proto?.sparseTensorType) {
    const {elemType, shape} = proto.sparseTensorType
    return {kind: 'sparse', dtype: dtypeOf(elemType), shape: shapeOf(shape)}
  }
  if (proto?.sequenceType) return {kind: 'sequence', element: readType(proto.sequenceType.elemType)}
  if (proto?.optionalType) return {kind: 'optional', element: readType(proto.optionalType.elemType)}
  if (proto?.mapType) {
    return {kind: 'map', key: dtypeOf(proto.mapType.keyType), value: readType(proto.mapType.valueType)}
  }
  if (!proto?.opaqueType) return undefined
  return {kind: 'opaque', domain: proto.opaqueType.domain ?? '', name: proto.opaqueType.name ?? ''}
}

function dtypeOf(code: number | undefined): DType | undefined {
  return DTYPE_BY_CODE[code ?? 0]
}

function shapeOf(proto: TensorShapeProto | undefined): Shape | undefined {
  return proto && (proto.dim ?? []).map(dimOf)
}

/** Exporters also write -1 and '' for an unknown size. */
function dimOf({dimValue, dimParam}: DimensionProto): Dim {
  if (dimValue !== undefined) return dimValue < 0n ? undefined : Number(dimValue)
  return dimParam || undefined
}

/** The message for a type; undefined when nothing is known. */
export function typeProto(type: ValueType | undefined): TypeProto | undefined {
  switch (type?.kind) {
    case 'tensor':
      return {tensorType: elementProto(type)}
    case 'sparse':
      return {sparseTensorType: elementProto(type)}
    case 'sequence':
      return {sequenceType: element(typeProto(type.element))}
    case 'optional':
      return {optionalType: element(typeProto(type.element))}
    case 'map': {
      const valueType = typeProto(type.value)
      return {mapType: {keyType: codeOf(type.key), ...(valueType && {valueType})}}
    }
    case 'opaque':
      return {opaqueType: {domain: type.domain, name: type.name}}
    default:
      return undefined
  }
}

function element(elemType: TypeProto | undefined): {elemType?: TypeProto} {
  return elemType ? {elemType} : {}
}

function elementProto({dtype, shape}: {dtype: DType | undefined; shape: Shape | undefined}): ElementTypeProto {
  return {elemType: codeOf(dtype), ...(shape && {shape: {dim: shape.map(dimProto)}})}
}

function codeOf(dtype: DType | undefined): number {
  return dtype ? dtypeCode(dtype) : 0
}

function dimProto(dim: Dim): DimensionProto {
  if (dim === undefined) return {}
  return typeof dim === 'number' ? {dimValue: BigInt(dim)} : {dimParam: dim}
}

/**
 * Whether two types can both be true of one value: then what the file said stands, although inference may know more by now.
 * Names of sizes are not compared.
 */
export function agree(a: ValueType | undefined, b: ValueType | undefined): boolean {
  if (!a || !b) return true
  if (a.kind === 'tensor' && b.kind === 'tensor') {
    return (a.dtype === b.dtype || !a.dtype || !b.dtype) && shapesAgree(a.shape, b.shape)
  }
  return a.kind === b.kind
}

/** Whether a size that the stated type leaves free is a number by now. */
export function isFixed(stated: ValueType | undefined, type: ValueType | undefined): boolean {
  if (stated?.kind !== 'tensor' || type?.kind !== 'tensor' || !stated.shape || !type.shape) return false
  const {shape} = type
  return stated.shape.some((size, axis) => typeof size !== 'number' && typeof shape[axis] === 'number')
}

function shapesAgree(a: Shape | undefined, b: Shape | undefined): boolean {
  if (!a || !b) return true
  return a.length === b.length && a.every((dim, index) => dimsAgree(dim, b[index]))
}

function dimsAgree(a: Dim, b: Dim): boolean {
  return typeof a !== 'number' || typeof b !== 'number' || a === b
}
