import {container} from './element.js'

/** Optional: a value that may be missing; what is missing is described by the file. ONNX Optional-15. */
export const optional = container('Optional', 15, (node) => {
  const [input] = node.inputs
  return [{type: input?.type && {kind: 'optional', element: input.type}}]
})

/** OptionalGetElement: the value, also of what is no optional since opset 18. ONNX OptionalGetElement-15, 18. */
export const optionalGetElement = container('OptionalGetElement', 15, (node) => {
  const type = node.inputs[0]?.type
  return [{type: type?.kind === 'optional' ? type.element : type}]
})

/** OptionalHasElement: whether it is there. ONNX OptionalHasElement-15, 18. */
export const optionalHasElement = container('OptionalHasElement', 15, () => [{dtype: 'bool', shape: []}])
