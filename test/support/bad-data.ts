import {join} from 'node:path'
import {DataFolder} from './data-folder.js'
import {npyOf} from './npy-writer.js'

/** Data files for a model with input float32[N, 1, 28, 28] that do not fit, each as users have them. */
export interface BadData {
  readonly folder: DataFolder
  readonly missing: string
  readonly wrongShape: string
  readonly withNaN: string
  /** 8 samples, 5 labels. */
  readonly fewLabels: string
}

export function makeBadData(): BadData {
  const folder = new DataFolder()
  const images = (count: number) => npyOf(new Float32Array(count * 784).fill(0.5), [count, 1, 28, 28])
  const broken = new Float32Array(8 * 784).fill(0.5)
  broken[5000] = Number.NaN
  return {
    folder,
    missing: join(folder.path, 'missing.npz'),
    wrongShape: folder.write('wrong-shape.npy', npyOf(new Float32Array(8 * 100), [8, 1, 10, 10])),
    withNaN: folder.write('nan.npy', npyOf(broken, [8, 1, 28, 28])),
    fewLabels: folder.npz('few-labels.npz', {
      input: images(8),
      label: npyOf(BigInt64Array.of(1n, 2n, 3n, 4n, 5n), [5]),
    }),
  }
}
