import {DataError} from '../../errors.js'
import {readLabels} from './labels.js'
import type {Match} from './match-arrays.js'
import {describeArray, type SampleArray} from './sample-array.js'
import type {SampleOrder} from './sample-order.js'

/** Where no token follows, or padding does: what losses and metrics leave out. */
const NONE = -100

/**
 * Labels of a language model from its own tokens: those of each place are the token after it. The last place of a sequence has none,
 * and none has one that the mask, where there is one of the same sizes, leaves out.
 *
 * @returns as many as there are tokens, in the order of the samples.
 * @throws DataError when the labels are no tokens `[N, T]`.
 */
export async function readNextTokens({inputs, labels}: Match, order: SampleOrder): Promise<Float64Array> {
  const {array: tokens, length} = requireTokens(labels)
  const [count = 0] = tokens.shape
  const ids = await readLabels(tokens, count, order)
  const mask = inputs.find(({array}) => /mask/i.test(array.name) && array.shape.join() === tokens.shape.join())?.array
  const isReal = mask && (await readLabels(mask, count, order))
  return ids.map((_, place) => {
    const next = place + 1
    return next % length === 0 || isReal?.[next] === 0 ? NONE : (ids[next] as number)
  })
}

function requireTokens(array: SampleArray | undefined): {array: SampleArray; length: number} {
  const [, length = 0, ...rest] = array?.shape ?? []
  if (array && /^u?int/.test(array.dtype) && length > 1 && rest.length === 0) return {array, length}
  throw new DataError(
    `--label-column ${array?.name}: expected tokens [N, T] to judge each by the next, got ${array && describeArray(array)}`,
    {hint: 'An input as labels means its next tokens; name another array for other labels'},
  )
}
