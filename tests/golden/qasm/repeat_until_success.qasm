// At most three more attempts after the first: all four fail with probability 1/16.
//= Z0 -0.875
//= Z1 -0.875
OPENQASM 3.0;
include "stdgates.inc";
qubit[2] q;
bit c;
h q[0];
c = measure q[0];
for int i in [1:3] {
  if (c == 0) { reset q[0]; h q[0]; c = measure q[0]; }
}
cx q[0], q[1];
