// Four qubits, all or none.
//= P 0000 0.5
//= P 1111 0.5
//= X0*X1*X2*X3 1
//= Z0*Z3 1
OPENQASM 2.0;
include "qelib1.inc";
qreg q[4];
creg c[4];
h q[0];
cx q[0],q[1]; cx q[1],q[2];
barrier q;
cx q[2],q[3];
measure q[0] -> c[0]; measure q[1] -> c[1]; measure q[2] -> c[2]; measure q[3] -> c[3];
