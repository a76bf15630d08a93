// What is known is computed when the file is read: 1 + 2 + … + 10 = 55 = 0b110111.
//= P 111011 1
//= Z0 -1
OPENQASM 3.0;
include "stdgates.inc";
const int last = 10;
qubit[6] q;
int sum = 0;
int i = 0;
while (i < last) { i += 1; sum += i; }
uint[6] bits = sum;
for int k in [0:5] { if (bits[k] == 1) { x q[k]; } }
bool odd = sum % 2 == 1;
float half = last / 4;                   // 2.5
int cut = last / 4;                      // 2
if (odd && half > 2.4 && cut == 2 && (last << 1) == 20 && 2 ** 3 == 8 && !(last < 3) && (6 ^ 3) == 5) { z q[0]; } else { x q[0]; }
