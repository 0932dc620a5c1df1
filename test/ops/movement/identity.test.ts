import * as file from '../../../src/ops/movement/identity.js'
import {describeOperators} from '../../support/operators/describe-operators.js'

describeOperators(file)
