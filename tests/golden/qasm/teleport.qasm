// The state ry(0.8)|0> goes from qubit 0 to qubit 2.
//= Z2 0.6967067093471654
//= X2 0.7173560908995228
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c0[1];
creg c1[1];
ry(0.8) q[0];
h q[1]; cx q[1],q[2];
barrier q;
cx q[0],q[1]; h q[0];
measure q[0] -> c0[0];
measure q[1] -> c1[0];
if(c0==1) z q[2];
if(c1==1) x q[2];
