/** Factors beyond this would only move the trouble from one side to the other. */
const LARGEST = 2 ** 10

/**
 * Factors of AWQ: `E[x²]^(α/2)`, so weights of large inputs get the finer steps. Their geometric middle is 1.
 *
 * @param squares E[x²] of each input, `[K]`; an input that is always 0 gets 1.
 * @param alpha 0 changes nothing, 1 evens inputs out; the paper searches 0..1 by the error of the layer's output.
 * @see Lin et al. 2023, arXiv:2306.00978, section 3.2.
 */
export function awqFactors(squares: Float64Array, alpha: number): Float64Array {
  return centred(squares.map((square) => square ** (alpha / 2)))
}

/**
 * Factors of SmoothQuant: `max|x|^α / max|w|^(1 − α)`. Their geometric middle is 1.
 *
 * @param peaks max|x| of each input, `[K]`.
 * @param weightPeaks max|w| of each input over all weights that multiply it, `[K]`.
 * @param alpha 0.5 for most models, more where activations have worse outliers.
 * @see Xiao et al. 2022, arXiv:2211.10438, equation 4.
 */
export function smoothFactors(peaks: Float64Array, weightPeaks: Float64Array, alpha: number): Float64Array {
  return centred(peaks.map((peak, k) => peak ** alpha / (weightPeaks[k] as number) ** (1 - alpha)))
}

/** Divided by √(least · most); what is no usable number, as of a channel that is always 0, becomes 1. */
function centred(factors: Float64Array): Float64Array {
  const usable = factors.filter((factor) => factor > 0 && Number.isFinite(factor))
  const middle = Math.sqrt(Math.min(...usable) * Math.max(...usable))
  return factors.map((factor) => {
    const own = factor / middle
    return own > 0 && Number.isFinite(own) ? Math.min(LARGEST, Math.max(1 / LARGEST, own)) : 1
  })
}
