// The Fourier transform of |101> and its inverse, both written out.
//= P 101 1
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
x q[0]; x q[2];
// there
h q[0]; cu1(pi/2) q[1],q[0]; cu1(pi/4) q[2],q[0];
h q[1]; cu1(pi/2) q[2],q[1];
h q[2];
swap q[0],q[2];
// and back
swap q[0],q[2];
h q[2];
cu1(-pi/2) q[2],q[1]; h q[1];
cu1(-pi/4) q[2],q[0]; cu1(-pi/2) q[1],q[0]; h q[0];
