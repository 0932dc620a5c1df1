import type {Range} from '../../passes/quantize/static/activation-scale.js'
import type {Calibrate} from './calibrated-plan.js'

/** Ranges by tensor, kept from one quantization of a model to the next: each tensor is measured once. */
export class KnownRanges {
  readonly #ranges = new Map<string, Range>()

  /** The same, but only asked for what is not known. @param calibrate undefined where nothing is calibrated. */
  around(calibrate: Calibrate | undefined): Calibrate | undefined {
    if (!calibrate) return undefined
    return async (tensors) => {
      const unknown = tensors.filter((name) => !this.#ranges.has(name))
      if (unknown.length > 0) for (const [name, range] of await calibrate(unknown)) this.#ranges.set(name, range)
      return new Map(
        tensors.flatMap((name) => {
          const range = this.#ranges.get(name)
          return range ? [[name, range]] : []
        }),
      )
    }
  }
}
