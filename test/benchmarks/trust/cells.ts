/** What is done to a model: a verb with its flags, with and without samples. */
export interface Cell {
  readonly name: string
  readonly args: readonly string[]
  readonly withData: boolean
}

export const CELLS: readonly Cell[] = [
  {name: 'quantize', args: ['quantize'], withData: false},
  {name: 'quantize --data', args: ['quantize'], withData: true},
  {name: 'int4', args: ['quantize', '--weights', 'int4'], withData: false},
  {name: 'int4 --data', args: ['quantize', '--weights', 'int4'], withData: true},
  {name: 'weights --data', args: ['quantize', '--mode', 'weights'], withData: true},
  {name: 'mse --data', args: ['quantize', '--mode', 'static', '--calibration', 'mse'], withData: true},
  {name: 'float16 --data', args: ['quantize', '--mode', 'float16'], withData: true},
  {name: 'prune', args: ['prune', '--sparsity', '0.2'], withData: false},
  {name: 'prune --data', args: ['prune', '--sparsity', '0.2'], withData: true},
  {name: 'prune half --data', args: ['prune', '--sparsity', '0.5'], withData: true},
]
