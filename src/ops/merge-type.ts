import {ShapeError} from '../errors.js'
import {conflict, type Dim} from '../ir/dim.js'
import type {DType} from '../ir/dtype.js'
import type {Node} from '../ir/node.js'
import {type Shape, type TensorType, tensorType, type ValueType} from '../ir/types.js'
import type {Value} from '../ir/value.js'

/**
 * Sets `value.type` to what a rule inferred, filled up with what was stated before.
 *
 * @param stale gets a sentence when the stated shape contradicts the inferred one, which then holds.
 * @throws ShapeError when the element types differ: ONNX Runtime refuses such a file.
 */
export function refineType(node: Node, value: Value, inferred: ValueType | undefined, stale: string[]): void {
  const stated = value.type
  if (inferred?.kind !== 'tensor' || stated?.kind !== 'tensor') {
    value.type = inferred ?? stated
    return
  }
  value.type = tensorType(
    mergeDtypes(node, value, inferred, stated),
    mergeShapes(value, inferred.shape, stated.shape, stale),
  )
}

function mergeDtypes(node: Node, value: Value, inferred: TensorType, stated: TensorType): DType | undefined {
  if (inferred.dtype && stated.dtype && inferred.dtype !== stated.dtype) {
    throw new ShapeError(node, {
      expected: `output '${value.name}' to be ${inferred.dtype} by its definition`,
      got: `${stated.dtype} stated in the model`,
    })
  }
  return inferred.dtype ?? stated.dtype
}

function mergeShapes(
  value: Value,
  inferred: Shape | undefined,
  stated: Shape | undefined,
  stale: string[],
): Shape | undefined {
  if (!inferred || !stated) return inferred ?? stated
  if (inferred.length !== stated.length || inferred.some((size, axis) => conflict(size, stated[axis]))) {
    stale.push(`'${value.name}' is stated as ${shapeText(stated)} but computes to ${shapeText(inferred)}`)
    return inferred
  }
  // a name the file gives beats nothing, but never what was computed
  return inferred.map((size, axis): Dim => size ?? stated[axis])
}

/** `[N, 3, ?]` */
export function shapeText(shape: Shape | undefined): string {
  return shape ? `[${shape.map((size) => size ?? '?').join(', ')}]` : '[...]'
}
