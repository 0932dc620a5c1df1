import {elementCount} from '../../ir/tensor.js'
import type {StepGraph} from '../step/step-graph.js'

/** As many zeros no weight has by chance; biases start at zero. */
const LEAST_SHARE = 0.01

/** Whether some weight has zeros that are there on purpose. */
export function isPruned({parameters, initial}: Pick<StepGraph, 'parameters' | 'initial'>): boolean {
  return parameters.some(({shape}, index) => {
    if (shape.length < 2) return false
    const zeros = initial[index]?.reduce((count, weight) => count + Number(weight === 0), 0) ?? 0
    return zeros > 0 && zeros >= LEAST_SHARE * elementCount(shape)
  })
}
