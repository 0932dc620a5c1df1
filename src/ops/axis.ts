import {ShapeError} from '../errors.js'
import {axisFromStart} from '../ir/axis-from-start.js'
import type {Node} from '../ir/node.js'

/** A negative axis counts from the end. @throws ShapeError when it is outside the rank. */
export function normalizeAxis(node: Node, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new ShapeError(node, {expected: `an axis from ${-rank} to ${rank - 1}`, got: `${axis}`})
  }
  return axisFromStart(axis, rank)
}

/** @throws ShapeError when an axis is outside the rank or named twice. */
export function normalizeAxes(node: Node, axes: readonly number[], rank: number): number[] {
  const normalized = axes.map((axis) => normalizeAxis(node, axis, rank))
  if (new Set(normalized).size < normalized.length) {
    throw new ShapeError(node, {expected: 'every axis once', got: `axes ${axes.join(', ')}`})
  }
  return normalized
}
