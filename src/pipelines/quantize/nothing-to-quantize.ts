import {UnsupportedError} from '../../errors.js'
import {countParameters, parametersOf} from '../../facts/parameters.js'
import {isQuantized, quantizationState, quantizationText} from '../../facts/quantization-state.js'
import type {Model} from '../../ir/model.js'
import {fixedTransforms} from '../../passes/fixed-transforms.js'
import type {Skip} from '../../passes/pass.js'
import {isSkippedBy} from '../../passes/selection.js'

/** What to do instead, by the type a model's weights have. */
const HINTS: Readonly<Record<string, string>> = {
  float16: '--mode weights, dynamic or static make integers of them',
  bfloat16: 'No processor runs bfloat16 in ONNX Runtime: export the model with float32 or float16 weights',
}

/** The error of a quantization that found nothing it could do. */
export function nothingToQuantize({graph}: Model, skipped: readonly Skip[]): UnsupportedError {
  const state = quantizationState(graph, countParameters(parametersOf(graph), {zeros: false}))
  if (isQuantized(state)) {
    const hint = 'Quantize the float model it was made from'
    return new UnsupportedError(`nothing to quantize: the model is quantized already, ${quantizationText(state)}`, {
      hint,
    })
  }
  const {floatType} = state
  if (floatType !== 'float32') {
    const already = floatType === 'float16' ? ' already' : ''
    return new UnsupportedError(
      `nothing to quantize: expected float32 weights, the model's are ${floatType}${already}`,
      {
        hint: HINTS[floatType] ?? 'Export the model with float32 weights',
      },
    )
  }
  const [first] = skipped
  const isTransform = first !== undefined && isSkippedBy(fixedTransforms(graph), first)
  const reason = first ? `${first.op} '${first.node}': ${first.reason}` : 'no float32 weights'
  const more = skipped.length > 1 ? `, and ${skipped.length - 1} more` : ''
  return new UnsupportedError(`nothing to quantize: ${reason}${more}`, {
    hint: isTransform
      ? "It prepares a signal, nothing in it was learned: use it as it is, or --override '.*=int8' all the same"
      : 'Look at the model with: mopt inspect MODEL',
  })
}
