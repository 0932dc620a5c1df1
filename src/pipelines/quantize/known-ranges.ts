import type {Range} from '../../passes/quantize/static/activation-scale.js'
import type {CalibrationMethod} from '../../runtime/calibrate/calibrate.js'
import type {Calibrate} from './calibrated-plan.js'

/** Measures tensors of the prepared model, in one pass over the data. */
export type Measure = (tensors: readonly string[]) => Promise<{
  rangesBy(method: CalibrationMethod): ReadonlyMap<string, Range>
}>

/** Ranges by tensor, kept from one plan of a model to the next: each tensor is measured once. */
export class KnownRanges {
  readonly #asked = new Set<string>()
  readonly #measured: Awaited<ReturnType<Measure>>[] = []
  readonly #ranges = new Map<CalibrationMethod, Map<string, Range>>()

  constructor(private readonly measure: Measure) {}

  /**
   * The ranges by one method; only what is not known is measured.
   *
   * @param keepsOutputs whether what becomes an output keeps its extremes, as it should where nobody asked for the method by name.
   */
  by(method: CalibrationMethod, keepsOutputs: boolean): Calibrate {
    return async (tensors, uncut) => {
      const unknown = tensors.filter((name) => !this.#asked.has(name))
      for (const name of unknown) this.#asked.add(name)
      if (unknown.length > 0) {
        this.#measured.push(await this.measure(unknown))
        this.#ranges.clear()
      }
      return new Map(
        tensors.flatMap((name) => {
          const range = this.#rangesBy(keepsOutputs && uncut.has(name) ? 'minmax' : method).get(name)
          return range ? [[name, range]] : []
        }),
      )
    }
  }

  #rangesBy(method: CalibrationMethod): Map<string, Range> {
    const known = this.#ranges.get(method) ?? new Map(this.#measured.flatMap((one) => [...one.rangesBy(method)]))
    this.#ranges.set(method, known)
    return known
  }
}
