/**
 * The JSON that `--json` prints: public interface, described in the user guide. Sizes in bytes, times in milliseconds unless the
 * name says otherwise; a number that is not finite becomes null.
 */

export * from './results/bench.js'
export * from './results/common.js'
export * from './results/doctor.js'
export * from './results/fidelity.js'
export * from './results/inspect.js'
export * from './results/prune.js'
export * from './results/quantize.js'
export * from './results/simplify.js'
export * from './results/training.js'
