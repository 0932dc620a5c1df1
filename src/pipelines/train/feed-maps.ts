import {UsageError} from '../../errors.js'
import {openModel} from '../../io/open-model.js'
import type {Graph} from '../../ir/graph.js'
import type {DataOptions} from '../../options/common.js'

type Pairs = readonly (readonly [array: string, input: string])[]

/** Which array of the data feeds which input: array name → input name. */
type FeedMap = Readonly<Record<string, string>>

/**
 * Deals `--map` out to two models that learn from the same data: an array may feed an input of each.
 *
 * @param path of the student.
 * @throws UsageError for an input that neither has, or that gets two arrays.
 */
export async function feedMaps(
  map: DataOptions['map'],
  path: string,
  teacher: Graph | undefined,
): Promise<{readonly student: FeedMap; readonly teacher: FeedMap}> {
  const pairs: Pairs = Object.entries(map).flatMap(([array, inputs]) =>
    [inputs].flat().map((input) => [array, input] as const),
  )
  if (pairs.length === 0) return {student: {}, teacher: {}}
  const file = await openModel(path)
  const [own, other] = [file.model.graph, teacher].map((graph) => graph?.inputs.map(({name}) => name) ?? [])
  file.close()
  const unknown = pairs.find(([, input]) => !own?.includes(input) && !other?.includes(input))
  if (unknown) {
    const known = [...new Set([...(own ?? []), ...(other ?? [])])].map((name) => `'${name}'`).join(', ')
    throw new UsageError(`--map ${unknown.join('=')}: expected one of the inputs ${known}, got '${unknown[1]}'`)
  }
  return {student: mapOnto(pairs, own ?? []), teacher: mapOnto(pairs, other ?? [])}
}

function mapOnto(pairs: Pairs, inputs: readonly string[]): FeedMap {
  const map = new Map<string, string>()
  for (const [array, input] of pairs) {
    if (!inputs.includes(input)) continue
    if (map.has(array)) throw new UsageError(`--map: expected each array once per model, got '${array}' twice`)
    map.set(array, input)
  }
  return Object.fromEntries(map)
}
