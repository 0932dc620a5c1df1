import {ownEntry} from '../../ir/own-entry.js'
import type {BatchInput, Feeds, FeedValue, InputPort} from '../dataset.js'
import {fedInput, fedShape} from './fit-feed.js'
import type {InputFeed} from './input-feed.js'

/** The inputs of a model that get a constant, beside those that data feeds. */
export class FedInputs {
  readonly #inputs: readonly (readonly [input: InputPort, value: FeedValue])[]
  readonly #made = new Map<number, Readonly<Record<string, BatchInput>>>()

  constructor(
    inputs: readonly InputPort[],
    feeds: Feeds,
    private readonly others: readonly InputFeed[],
  ) {
    this.#inputs = inputs.flatMap((input) => {
      const value = ownEntry(feeds, input.name)
      return value ? [[input, value] as const] : []
    })
  }

  /** Their values for a run of so many rows; made once for each number of rows. Not to be modified. */
  at(rows: number): Readonly<Record<string, BatchInput>> {
    const known = this.#made.get(rows)
    if (known) return known
    const sizes = this.#sizes(rows)
    const entries = this.#inputs.map(([input, value]) => {
      return [input.name, fedInput(input, value, fedShape(value, input.shape, sizes, rows))] as const
    })
    const made = Object.fromEntries(entries)
    this.#made.set(rows, made)
    return made
  }

  /** Sizes that named dimensions have in the inputs data feeds. */
  #sizes(rows: number): Map<string, number> {
    const sizes = new Map<string, number>()
    for (const {input, rowShape} of this.others) {
      for (const [axis, dim] of (input.shape ?? []).entries()) {
        const size = axis === 0 ? rows : rowShape[axis - 1]
        if (typeof dim === 'string' && size !== undefined) sizes.set(dim, size)
      }
    }
    return sizes
  }
}
