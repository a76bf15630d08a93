// Teleportation with bits and else.
//= Z2 0.6967067093471654
//= X2 0.6853164493328192
//= Y2 0.21199322023239764
OPENQASM 3.0;
include "stdgates.inc";
qubit[3] q;
bit a;
bit b;
ry(0.8) q[0]; rz(0.3) q[0];
h q[1]; cx q[1], q[2];
cx q[0], q[1]; h q[0];
a = measure q[0];
b = measure q[1];
if (b) { x q[2]; }
if (a == false) { } else { z q[2]; }
