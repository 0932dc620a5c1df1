import {recurrent} from './recurrent.js'
import {rnnGradient} from './rnn-gradient.js'

/** RNN: one gate; outputs Y, Y_h. ONNX RNN-1, 7, 14, 22. */
export const rnn = recurrent('RNN', 1, rnnGradient)
