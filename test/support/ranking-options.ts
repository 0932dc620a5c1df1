import {quantizeOptions} from './pipeline-options.js'

const base = quantizeOptions({mode: 'static', calibration: 'minmax', guard: false, time: false})

/** Options for layers to be ranked on 64 pictures. */
export const RANKING = {
  ...base,
  data: {
    ...base.data,
    samples: 'fixtures/fashion-mnist/train-images-idx3-ubyte.gz',
    limit: 64,
    preprocess: {mean: [0.286], std: [0.353]},
  },
}
