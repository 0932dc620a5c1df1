import type {OutputsComparison} from '../../runtime/compare/compare-task.js'

/** The output that differs most, in words: `output 'logits' differs by up to 0.12 in 3 elements`. */
export function describeDifference({outputs}: OutputsComparison): string {
  const reshaped = outputs.find(({shapes}) => shapes)
  if (reshaped?.shapes) {
    const {expected, got} = reshaped.shapes
    return `output '${reshaped.name}' has shape [${got}] where the input model has [${expected}]`
  }
  const worst = [...outputs].sort((a, b) => b.outside - a.outside)[0]
  if (!worst) return 'the outputs differ'
  const by =
    worst.maxAbs === null
      ? 'is not finite where the input model is, or the other way round,'
      : `differs by up to ${Number(worst.maxAbs.toPrecision(3))}`
  return `output '${worst.name}' ${by} in ${worst.outside} elements`
}

/** Whether outputs differ by more than their tolerance, or have other shapes. */
export function differs({outputs}: OutputsComparison): boolean {
  return outputs.some(({outside, shapes}) => outside > 0 || shapes)
}

/** Whether an output has another shape. */
export function hasOtherShapes({outputs}: OutputsComparison): boolean {
  return outputs.some(({shapes}) => shapes)
}
