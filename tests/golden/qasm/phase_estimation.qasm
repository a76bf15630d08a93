// The phase 3/8 of u1(3 pi/4) on |1>, in three bits: 011, and the target stays 1.
//= P 0111 1
OPENQASM 2.0;
include "qelib1.inc";
qreg n[3];
qreg t[1];
creg c[3];
x t[0];
h n;
cu1(3*pi/4) n[2],t[0];
cu1(2*3*pi/4) n[1],t[0];
cu1(4*3*pi/4) n[0],t[0];
// the inverse transform
swap n[0],n[2];
h n[2];
cu1(-pi/2) n[2],n[1]; h n[1];
cu1(-pi/4) n[2],n[0]; cu1(-pi/2) n[1],n[0]; h n[0];
measure n -> c;
