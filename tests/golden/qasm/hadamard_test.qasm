// <U> of u1(0.9) on |1> by an ancilla: <X> = cos 0.9, <Y> = sin 0.9.
//= X0 0.6216099682706644
//= Y0 0.7833269096274834
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
h q[0]; x q[1];
cu1(0.9) q[0],q[1];
