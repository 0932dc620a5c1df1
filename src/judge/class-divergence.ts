import type {Fidelity} from '../results.js'

/** The output whose classes part most, with its KL divergence in nats; undefined unless every output that was judged has classes. */
export function classDivergence({
  outputs,
}: Fidelity): {readonly output: Fidelity['outputs'][number]; readonly kl: number} | undefined {
  const judged = outputs.filter(({kind}) => kind !== null)
  const parted = judged.flatMap((output) => {
    const {kl} = output.details
    return kl === undefined ? [] : [{output, kl}]
  })
  const [first] = parted.sort((a, b) => b.kl - a.kl)
  return parted.length === judged.length ? first : undefined
}
