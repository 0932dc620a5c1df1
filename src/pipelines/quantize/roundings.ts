import {join} from 'node:path'
import type {DataSpec} from '../../data/dataset.js'
import type {Effects} from '../../effects.js'
import {withTempFolder} from '../../io/with-temp-folder.js'
import {writeScratch} from '../../io/write-variant.js'
import type {Model} from '../../ir/model.js'
import type {QuantizeOptions} from '../../options/quantize.js'
import type {WritingOptions} from '../../passes/quantize/execute.js'
import type {RoundedBlocks, WeightRounding} from '../../passes/quantize/numbers/weight-rounding.js'
import {hasPackedWeight} from '../../passes/quantize/plan/form.js'
import type {Plan} from '../../passes/quantize/plan/plan.js'
import {awqFactors} from '../../passes/quantize/prepare/input-factors.js'
import {
  type ProductInput,
  productInputs,
  productsWithin,
  ROWS_PER_CHANNEL,
  roundingFrom,
} from '../../passes/quantize/weights/product-inputs.js'
import type {Warning} from '../../results.js'
import {measureMoments} from '../../runtime/moments/measure-moments.js'
import type {Moments} from '../../runtime/moments/moments-task.js'

/** A way to round 4-bit weights. */
export type RoundingMethod = Exclude<QuantizeOptions['quantize']['rounding'], 'auto'>

const FITTED: WeightRounding = {grid: 'mse', fullRange: true}
/** What half a gigabyte holds of matrices: GPTQ's, all at once. */
const PRODUCTS_BYTES = 512 * 2 ** 20
/** AWQ's exponent: of those tried it did no harm. */
const ALPHA = 0.25

/** How the 4-bit weights of a model's plans are rounded; what they are multiplied with is measured once for all plans. */
export class Roundings {
  /** Peak memory of the processes that measured; 0 when none did. */
  peakRssBytes = 0
  readonly #moments = new Map<string, Moments>()
  readonly #tooLarge: ProductInput[] = []
  readonly #known = new Map<string, RoundedBlocks>()

  /** @param model prepared, in float. @param data what GPTQ, AWQ and scale estimation look at; undefined without samples. */
  constructor(
    private readonly model: Model,
    private readonly data: DataSpec | undefined,
    private readonly run: QuantizeOptions['run'],
    private readonly effects: Effects,
  ) {}

  /** What the writers of weights need to round a plan's weights by some method. */
  async by(method: RoundingMethod, plan: Plan): Promise<Pick<WritingOptions, 'rounding' | 'inputFactors'>> {
    if (method === 'nearest') return {}
    await this.#measure(plan, method === 'gptq')
    const moments = this.#moments
    if (method === 'gptq') return {rounding: roundingFrom({...FITTED, known: this.#known}, moments)}
    if (method === 'scale') return {rounding: roundingFrom(FITTED, withoutProducts(moments))}
    return {
      rounding: roundingFrom(FITTED, new Map()),
      inputFactors({tensor}) {
        const squares = moments.get(tensor)?.squares
        return squares && awqFactors(squares, ALPHA)
      },
    }
  }

  /** What is to be said of weights that GPTQ was wanted for and not taken. */
  warnings(): Warning[] {
    const few = [...this.#moments].filter(([, {products, rows, squares}]) => {
      return products && rows < ROWS_PER_CHANNEL * squares.length
    })
    const [key, one] = few[0] ?? []
    return [
      ...(one ? [fewRows(few.length, `${one.rows} for the ${one.squares.length} of '${key}'`)] : []),
      ...(this.#tooLarge.length > 0 ? [tooLarge(this.#tooLarge)] : []),
    ]
  }

  async #measure(plan: Plan, products: boolean): Promise<void> {
    if (!this.data) return
    const inputs = packedInputs(plan).filter(({key}) => {
      const known = this.#moments.get(key)
      return !known || (products && !known.products && !this.#tooLarge.some((one) => one.key === key))
    })
    if (inputs.length === 0) return
    const within = products ? productsWithin(inputs, PRODUCTS_BYTES) : []
    const others = inputs.filter((input) => !within.includes(input))
    if (products) this.#tooLarge.push(...others)
    await withTempFolder(async (folder) => {
      const path = join(folder, 'prepared.onnx')
      await writeScratch(this.model, path, {signal: this.effects.signal})
      if (within.length > 0) await this.#run(path, within, true)
      if (others.length > 0) await this.#run(path, others, false)
    })
  }

  async #run(path: string, tensors: readonly ProductInput[], products: boolean): Promise<void> {
    const {provider, threads, dims} = this.run
    const {signal, progress} = this.effects
    const {moments, peakRssBytes} = await measureMoments(
      path,
      {provider, threads, dims},
      {
        data: this.data as DataSpec,
        ...{tensors, products, signal},
        onProgress: (done, total) => progress('measuring what weights are multiplied with', done, total),
      },
    )
    for (const [key, one] of moments) this.#moments.set(key, one)
    this.peakRssBytes = Math.max(this.peakRssBytes, peakRssBytes)
  }
}

/** What the plan's 4-bit weights are multiplied with. */
function packedInputs({choices}: Plan): ProductInput[] {
  return productInputs([...choices.values()].flatMap(({node, form}) => (hasPackedWeight(form) ? [node] : [])))
}

function withoutProducts(moments: ReadonlyMap<string, Moments>): ReadonlyMap<string, Moments> {
  return new Map([...moments].map(([key, one]) => [key, {...one, products: undefined}]))
}

function fewRows(count: number, example: string): Warning {
  return {
    code: 'FEW_ROWS',
    message: `${count} inputs of products have fewer than ${ROWS_PER_CHANNEL} calibration rows per channel (${example}): their weights are rounded by scale estimation alone, not by GPTQ`,
    hint: 'Give more samples',
  }
}

function tooLarge(inputs: readonly ProductInput[]): Warning {
  const [first] = inputs
  return {
    code: 'TOO_LARGE_FOR_GPTQ',
    message: `${inputs.length} inputs of products, as the ${first?.channels} channels of '${first?.tensor}', take more than ${PRODUCTS_BYTES / 2 ** 20} MiB of matrices: their weights are rounded by scale estimation alone`,
  }
}
