import type {DataSpec} from '../../data/dataset.js'
import type {Effects} from '../../effects.js'
import type {Group} from '../../passes/groups/group.js'
import {type Energies, type Reader, readersOf} from '../../passes/prune/score/wanda.js'
import {measureMoments} from '../../runtime/moments/measure-moments.js'
import type {SessionSettings} from '../../runtime/session/session-settings.js'

export interface EnergyOptions {
  readonly settings: SessionSettings
  readonly data: DataSpec
  readonly effects: Effects
}

/**
 * Mean squares, channel by channel, of what the products that read groups get.
 *
 * @param path of the model that the groups were found in.
 * @throws as `measureMoments`.
 */
export async function channelEnergies(
  path: string,
  groups: readonly Group[],
  {settings, data, effects}: EnergyOptions,
): Promise<Energies> {
  const readers = new Map(groups.flatMap(readersOf).map((reader) => [reader.input.value.name, reader]))
  const {moments} = await measureMoments(path, settings, {
    ...{data, products: false, signal: effects.signal},
    tensors: [...readers.values()].map(measuredTensor),
    onProgress: (done, total) => effects.progress('measuring channels', done, total),
  })
  return new Map([...moments].map(([name, {squares}]) => [name, squares]))
}

function measuredTensor({node, input: {value, axis}}: Reader) {
  const shape = value.type?.kind === 'tensor' ? value.type.shape : undefined
  const size = shape?.[axis]
  const tensor = {key: value.name, tensor: value.name, channels: typeof size === 'number' ? size : 0}
  if (node.opType !== 'Conv') return tensor
  const spatial = node.inputs[1]?.constant?.shape.slice(2) ?? []
  // a window of one place: rows are positions
  return {...tensor, window: {kernel: spatial.map(() => 1), attributes: {}}}
}
