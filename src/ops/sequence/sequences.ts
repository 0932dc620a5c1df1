import {tensorType, type ValueType} from '../../ir/types.js'
import {commonType} from '../control/common-type.js'
import type {Inferred} from '../op-spec.js'
import {statedDtype} from '../stated-dtype.js'
import {container, elementType} from './element.js'

/** Lists of tensors, as PyTorch's scripted loops write them. How many there are is not followed. */
function sequenceOf(element: ValueType | undefined): Inferred {
  return {type: {kind: 'sequence', element}}
}

/** SequenceConstruct: a list of the inputs. ONNX SequenceConstruct-11. */
export const sequenceConstruct = container('SequenceConstruct', 11, (node) => {
  const [first, ...types] = node.inputs.map((input) => input?.type)
  return [sequenceOf(types.reduce((common, type) => commonType(common, type), first))]
})

/** SequenceEmpty: a list that is empty yet. ONNX SequenceEmpty-11. */
export const sequenceEmpty = container('SequenceEmpty', 11, (node) => [
  sequenceOf(tensorType(statedDtype(node, 'dtype', 'float32'), undefined)),
])

/** SequenceAt: one element. ONNX SequenceAt-11. */
export const sequenceAt = container('SequenceAt', 11, (node) => [{type: elementType(node, 0)}])

/** SequenceLength: how many elements. ONNX SequenceLength-11. */
export const sequenceLength = container('SequenceLength', 11, () => [{dtype: 'int64', shape: []}])

/** SequenceInsert: a list with one more element. ONNX SequenceInsert-11. */
export const sequenceInsert = container('SequenceInsert', 11, (node) => [
  sequenceOf(commonType(elementType(node, 0), node.inputs[1]?.type)),
])

/** SequenceErase: a list with one element less. ONNX SequenceErase-11. */
export const sequenceErase = container('SequenceErase', 11, (node) => [{type: node.inputs[0]?.type}])

/** SequenceMap: a subgraph run for each element; a tensor beside the lists is the same for all. ONNX SequenceMap-17. */
export const sequenceMap = {
  ...container('SequenceMap', 17, (node, ctx) => {
    const body = node.subgraph('body')
    if (!body) return []
    body.inputs.forEach((input, index) => {
      const outer = node.inputs[index]?.type
      input.type = (outer?.kind === 'sequence' ? outer.element : outer) ?? input.type
    })
    ctx.inferGraph(body)
    return body.outputs.map((output) => sequenceOf(output.type))
  }),
  rounds: () => undefined,
}
