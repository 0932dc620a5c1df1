import type {Node} from '../../../ir/node.js'
import type {Value} from '../../../ir/value.js'
import type {Resizing} from '../../groups/resize-groups.js'
import {productLayout} from './fitted-product.js'

/** A product that loses inputs. */
export interface ToRefit {
  readonly node: Node
  /** Channels of its result that stay, by their numbers before; undefined when all do. */
  readonly kept: readonly number[] | undefined
}

const WEIGHT = 1

/**
 * The products that lose inputs when groups become smaller, and what stays of their results. To be asked before the groups are resized.
 */
export function productsToRefit(resizings: readonly Resizing[]): ToRefit[] {
  const gone = goneAxes(resizings)
  const nodes = new Set(resizings.flatMap(({group}) => [...group.nodes]))
  return [...nodes].flatMap((node): ToRefit[] => {
    const layout = productLayout(node)
    const [result, weight] = [node.outputs[0], node.inputs[WEIGHT]]
    if (!layout || !result || !weight) return []
    const isDepthwise = layout.kernel !== undefined && layout.groups > 1 && weight.constant?.shape[1] === 1
    const loses = gone.get(weight)?.has(isDepthwise ? 0 : inputAxis(layout)) ?? false
    return loses ? [{node, kept: keptOf(result, layout.kernel ? 1 : -1, gone)}] : []
  })
}

function inputAxis({isTurned}: {readonly isTurned: boolean}): number {
  return isTurned ? 1 : 0
}

/** Positions that go, by value and axis. */
function goneAxes(resizings: readonly Resizing[]): Map<Value, Map<number, Set<number>>> {
  const gone = new Map<Value, Map<number, Set<number>>>()
  for (const {group, kept} of resizings) {
    const stays = new Set(kept)
    for (const {value, axis, start, units} of group.members) {
      const axes = gone.get(value) ?? new Map<number, Set<number>>()
      gone.set(value, axes)
      const positions = axes.get(axis) ?? new Set<number>()
      units.forEach((unit, index) => {
        if (unit >= 0 && !stays.has(unit)) positions.add(start + index)
      })
      if (positions.size > 0) axes.set(axis, positions)
    }
  }
  return gone
}

function keptOf(
  result: Value,
  wanted: number,
  gone: ReadonlyMap<Value, ReadonlyMap<number, ReadonlySet<number>>>,
): readonly number[] | undefined {
  const shape = result.type?.kind === 'tensor' ? result.type.shape : undefined
  const axis = wanted < 0 ? (shape?.length ?? 0) + wanted : wanted
  const positions = gone.get(result)?.get(axis)
  const size = shape?.[axis]
  if (!positions || typeof size !== 'number') return undefined
  return Array.from({length: size}, (_, i) => i).filter((i) => !positions.has(i))
}
