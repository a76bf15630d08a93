// An error on the middle qubit is found and undone.
//= Z0 0.8253356149096783
//= Z1 0.8253356149096783
//= Z2 0.8253356149096783
//= X0*X1*X2 0.5646424733950354
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
qreg a[2];
creg syn[2];
ry(0.6) q[0];
cx q[0],q[1]; cx q[0],q[2];
x q[1]; // the error
cx q[0],a[0]; cx q[1],a[0];
cx q[1],a[1]; cx q[2],a[1];
measure a -> syn;
if(syn==1) x q[0];
if(syn==2) x q[2];
if(syn==3) x q[1];
